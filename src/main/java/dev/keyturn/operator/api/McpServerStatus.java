package dev.keyturn.operator.api;

import java.util.List;
import java.util.Optional;

/**
 * What the operator knows of an {@code MCPServer}.
 *
 * @param replicas how many pods there are; with {@code selector} for autoscalers
 */
public record McpServerStatus(
    Optional<Long> observedGeneration,
    List<Condition> conditions,
    Optional<String> configHash,
    Optional<String> issuer,
    List<String> audiences,
    List<String> redirectUris,
    List<String> urls,
    Optional<Integer> replicas,
    Optional<Integer> readyReplicas,
    Optional<String> selector,
    List<PodStatus> pods) {
  public McpServerStatus {
    conditions = List.copyOf(conditions);
    audiences = List.copyOf(audiences);
    redirectUris = List.copyOf(redirectUris);
    urls = List.copyOf(urls);
    pods = List.copyOf(pods);
  }

  /** The same, of what was served before. */
  public McpServerStatus serving(McpServerStatus before) {
    return new McpServerStatus(
        observedGeneration,
        conditions,
        before.configHash,
        before.issuer,
        before.audiences,
        before.redirectUris,
        before.urls,
        replicas,
        readyReplicas,
        selector,
        pods);
  }
}
