/**
 * The vocabulary of OAuth: error codes, scopes, resource indicators, redirect URIs, PKCE.
 *
 * <p>Values only. Nothing here does I/O or knows Vert.x, so every other package may use it.
 */
@NullMarked
package dev.keyturn.oauth;

import org.jspecify.annotations.NullMarked;
