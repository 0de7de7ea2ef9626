/**
 * Dynamic client registration: a client that nobody knows introduces itself.
 *
 * <p>{@link dev.keyturn.registration.RegistrationEndpoint} reads the metadata, asks the quota for
 * whatever is new, and answers with the record; {@link
 * dev.keyturn.registration.RegistrationManagementEndpoint} shows the record again to whoever holds
 * its token. The records themselves are the business of {@code client}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591">RFC 7591</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592">RFC 7592</a>
 */
@NullMarked
package dev.keyturn.registration;

import org.jspecify.annotations.NullMarked;
