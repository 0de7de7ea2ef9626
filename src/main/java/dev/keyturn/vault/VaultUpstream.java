package dev.keyturn.vault;

import dev.keyturn.upstream.ClientGeneration;
import dev.keyturn.upstream.Upstream;
import java.util.Optional;

/**
 * An identity provider, as far as its tokens are kept.
 *
 * @param generation stands for the client that we are there; tokens of another one are not ours to
 *     redeem. Empty: the provider's owner knows whose they are
 * @param rotates whether a refresh token is good for one time; empty: its answers show that
 */
public record VaultUpstream(Upstream upstream, String generation, Optional<Boolean> rotates) {
  /** The provider where we are {@code clientId}. */
  public static VaultUpstream of(Upstream upstream, String clientId, Optional<Boolean> rotates) {
    return new VaultUpstream(upstream, ClientGeneration.of(clientId), rotates);
  }

  /**
   * The provider where we are whom we registered as: it alone knows by now who that is, and was.
   */
  public static VaultUpstream registering(Upstream upstream, Optional<Boolean> rotates) {
    return new VaultUpstream(upstream, "", rotates);
  }

  /** Whether tokens that {@code other} was given may be redeemed; long ago that was not noted. */
  boolean isOf(String other) {
    return other.isEmpty() || generation.isEmpty() || other.equals(generation);
  }
}
