/**
 * Signing keys: read from PEM, known by their thumbprint, at work on tokens, and published as a JWK
 * set.
 *
 * <p>{@link dev.keyturn.keys.SigningKeys} is a snapshot that never changes; whoever holds the
 * newest one hands it out by a supplier, and {@link dev.keyturn.keys.Signatures} and {@link
 * dev.keyturn.keys.JwksEndpoint} follow it while they run. What a token says, and whether its
 * claims are true, is the business of {@code token}. By such keys Keyturn also proves itself at
 * identity providers, which is the business of {@code upstream}.
 */
@NullMarked
package dev.keyturn.keys;

import org.jspecify.annotations.NullMarked;
