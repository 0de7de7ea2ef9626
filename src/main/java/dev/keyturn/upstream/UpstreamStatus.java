package dev.keyturn.upstream;

import java.util.Optional;

/**
 * Whether logins at an identity provider can begin now.
 *
 * @param name the provider's name in the configuration
 * @param reason what is missing, for the operator; holds no secret
 * @param waiting why a newer configuration is not in force yet, if there is one that waits
 */
public record UpstreamStatus(
    String name, boolean ready, Optional<String> reason, Optional<String> waiting) {
  private static final String NOT_TRIED = "discovery has not run yet";

  public UpstreamStatus(String name, boolean ready, Optional<String> reason) {
    this(name, ready, reason, Optional.empty());
  }

  /** The status of a provider that nobody has asked anything. */
  static UpstreamStatus untried(String name) {
    return new UpstreamStatus(name, false, Optional.of(NOT_TRIED));
  }

  /** The same, while a newer configuration waits for its provider because of {@code cause}. */
  UpstreamStatus whileWaiting(String cause) {
    return new UpstreamStatus(name, ready, reason, Optional.of(cause));
  }

  /** Whether the provider was asked, so that this tells about it and not about us. */
  public boolean isTried() {
    return reason.filter(NOT_TRIED::equals).isEmpty();
  }
}
