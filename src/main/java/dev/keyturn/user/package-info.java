/**
 * What is kept of one person: decisions, sessions, accounts at identity providers, in one document.
 *
 * <p>There is no table of users: a document begins with the first decision and ends with the last
 * thing that it lists. Who may be listed and what follows from it is decided above, in {@code
 * authorize} and {@code token}.
 */
@NullMarked
package dev.keyturn.user;

import org.jspecify.annotations.NullMarked;
