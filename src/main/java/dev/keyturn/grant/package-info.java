/**
 * The token endpoint: one {@link dev.keyturn.grant.Grant} per {@code grant_type}.
 *
 * <p>{@link dev.keyturn.grant.TokenEndpoint} parses the request, authenticates the client and picks
 * the grant; all that a grant has left to do is to prove its own credential. What codes and refresh
 * tokens are is the business of {@code token}.
 */
@NullMarked
package dev.keyturn.grant;

import org.jspecify.annotations.NullMarked;
