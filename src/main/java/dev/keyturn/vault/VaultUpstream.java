package dev.keyturn.vault;

import dev.keyturn.crypto.Digest;
import dev.keyturn.upstream.Upstream;
import java.util.Optional;

/**
 * An identity provider, as far as its tokens are kept.
 *
 * @param generation stands for the client that we are there; tokens of another one are not ours to
 *     redeem
 * @param rotates whether a refresh token is good for one time; empty: its answers show that
 */
public record VaultUpstream(Upstream upstream, String generation, Optional<Boolean> rotates) {
  /** The provider where we are {@code clientId}. */
  public static VaultUpstream of(Upstream upstream, String clientId, Optional<Boolean> rotates) {
    return new VaultUpstream(upstream, Digest.of("client " + clientId), rotates);
  }

  /** Whether tokens that {@code other} was given may be redeemed; long ago that was not noted. */
  boolean isOf(String other) {
    return other.isEmpty() || other.equals(generation);
  }
}
