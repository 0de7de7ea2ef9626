package dev.keyturn.upstream;

import dev.keyturn.keys.SigningKey;

/**
 * The private key by which Keyturn proves who it is at a provider, in place of a secret.
 *
 * @param audience for whom a proof is: another provider than that one must refuse it
 */
public record ClientKey(SigningKey key, String audience) {}
