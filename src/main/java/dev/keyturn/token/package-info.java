/**
 * Our own credentials: authorization codes, access tokens, refresh families, ID tokens, and the
 * session that they all belong to.
 *
 * <p>A credential is a value here and an entry in the store, named by its hash. Who may have one is
 * decided above, in {@code authorize} and {@code grant}; what lies upstream is the business of
 * {@code vault}.
 */
@NullMarked
package dev.keyturn.token;

import org.jspecify.annotations.NullMarked;
