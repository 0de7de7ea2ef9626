package dev.keyturn.operator.api;

import java.util.List;
import java.util.Optional;

/**
 * What the operator knows of an {@code MCPExternalAuthConfig}.
 *
 * @param redirectUris what must be registered at the providers
 * @param urls what is served
 */
public record ExternalAuthStatus(
    Optional<Long> observedGeneration,
    List<Condition> conditions,
    Optional<String> configHash,
    List<String> referencingServers,
    List<String> redirectUris,
    List<String> urls,
    List<UpstreamStatus> upstreams,
    List<KeyStatus> keys,
    List<PodStatus> pods) {
  public ExternalAuthStatus {
    conditions = List.copyOf(conditions);
    referencingServers = List.copyOf(referencingServers);
    redirectUris = List.copyOf(redirectUris);
    urls = List.copyOf(urls);
    upstreams = List.copyOf(upstreams);
    keys = List.copyOf(keys);
    pods = List.copyOf(pods);
  }

  /** The same, of what was served before. */
  public ExternalAuthStatus serving(ExternalAuthStatus before) {
    return new ExternalAuthStatus(
        observedGeneration,
        conditions,
        before.configHash,
        referencingServers,
        before.redirectUris,
        before.urls,
        upstreams,
        keys,
        pods);
  }
}
