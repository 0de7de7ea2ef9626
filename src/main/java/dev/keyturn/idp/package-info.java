/**
 * A small OpenID provider on loopback, for the demonstration and for tests.
 *
 * <p>A login takes these steps: {@code AuthorizeEndpoint} judges the request and shows the login
 * page, {@code LoginEndpoint} checks the password and sends the code back, {@code TokenEndpoint}
 * trades the code for tokens, {@code UserInfoEndpoint} answers with claims. Everything is kept in
 * memory, bounded, and forgotten at the stop. It is no place for the accounts of real people:
 * {@link dev.keyturn.idp.IdentityProvider} refuses every address but loopback.
 */
@NullMarked
package dev.keyturn.idp;

import org.jspecify.annotations.NullMarked;
