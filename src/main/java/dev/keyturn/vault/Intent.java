package dev.keyturn.vault;

import java.time.Instant;

/**
 * The note that a refresh token is about to be sent away, made before it is.
 *
 * @param nonce names the refresh, so that nobody takes another one's for his own
 * @param abandoned whether no answer will come any more
 */
record Intent(String nonce, Instant at, boolean abandoned) {
  Intent(String nonce, Instant at) {
    this(nonce, at, false);
  }

  boolean is(String other) {
    return nonce.equals(other);
  }
}
