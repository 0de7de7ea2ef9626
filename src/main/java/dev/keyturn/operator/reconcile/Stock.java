package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.objects.Owner;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is there, as far as it is watched. It is never older than the last event. */
interface Stock {
  Optional<ExternalAuthConfig> config(String namespace, String name);

  List<ExternalAuthConfig> configs(String namespace);

  Optional<McpServer> server(String namespace, String name);

  /** The oldest first: of two that want the same it has it. */
  List<McpServer> servers(String namespace);

  /** What there is in a namespace and is not understood. */
  List<Unread> unread(String namespace);

  /** How far a Deployment is; empty where there is none. */
  Optional<Rollout> rollout(String namespace, String deployment);

  /** The pods of a Deployment, by name. */
  List<PodSeen> pods(String namespace, String deployment);

  /** What a pod has told of itself; empty where it has not been asked yet or did not answer. */
  Optional<Loaded> loaded(PodSeen pod);

  /** What was made for {@code owner} and is still there. */
  Set<Key> owned(Owner owner);
}
