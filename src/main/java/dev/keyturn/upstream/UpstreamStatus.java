package dev.keyturn.upstream;

import java.util.Optional;

/**
 * Whether logins at an identity provider can begin now.
 *
 * @param name the provider's name in the configuration
 * @param reason what is missing, for the operator; holds no secret
 */
public record UpstreamStatus(String name, boolean ready, Optional<String> reason) {
  private static final String NOT_TRIED = "discovery has not run yet";

  /** The status of a provider that nobody has asked anything. */
  static UpstreamStatus untried(String name) {
    return new UpstreamStatus(name, false, Optional.of(NOT_TRIED));
  }

  /** Whether the provider was asked, so that this tells about it and not about us. */
  public boolean isTried() {
    return reason.filter(NOT_TRIED::equals).isEmpty();
  }
}
