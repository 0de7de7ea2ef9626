package dev.keyturn.upstream;

import dev.keyturn.crypto.Digest;
import java.util.Optional;

/**
 * What the {@code nonce} of an ID token must be.
 *
 * @param sent the nonce of the login; empty after a refresh, where there is none to compare
 * @param required whether the token may leave it out
 */
record NonceRule(Optional<String> sent, boolean required) {
  /** The rule of a refresh. */
  static final NonceRule NONE = new NonceRule(Optional.empty(), false);

  /** Whether a token with {@code nonce} belongs to the login. */
  boolean admits(Optional<String> nonce) {
    return sent.isEmpty() || nonce.map(found -> Digest.same(found, sent.get())).orElse(!required);
  }
}
