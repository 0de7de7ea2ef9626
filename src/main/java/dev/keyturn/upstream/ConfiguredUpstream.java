package dev.keyturn.upstream;

/** One entry of {@code upstreams}: how the provider is reached, and what it is there for. */
public record ConfiguredUpstream(UpstreamConfig config, Role role) {
  public String name() {
    return config.name();
  }
}
