package dev.keyturn.operator.render;

import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;
import dev.keyturn.operator.api.Storage;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What must be replaced a pod for: image, ports, issuer, storage type and address, volumes,
 * resources, and nothing else.
 *
 * <p>Everything else changes while a pod runs, so that it must not be in here.
 */
record RestartHash(Pod pod, String issuer, Optional<Storage> storage, List<Mount> mounts) {
  static final int PORT = 8080;
  static final int MANAGEMENT_PORT = 9090;

  private static final int LENGTH = 16;

  /** The text that stands in the pod template. */
  String value() {
    var lines =
        String.join(
            "\n",
            "image " + pod.image(),
            "ports " + PORT + " " + MANAGEMENT_PORT,
            "issuer " + issuer,
            "storage " + storage.map(RestartHash::line).orElse(""),
            "volumes " + mounts.stream().map(RestartHash::line).sorted().toList(),
            "resources " + resources(pod.resources()));
    return Names.digest(lines).substring(0, LENGTH);
  }

  private static String line(Mount mount) {
    return mount.kind() + " " + mount.name() + " " + mount.path();
  }

  private static String resources(ResourceNeeds needs) {
    return new TreeMap<>(needs.requests()) + " " + new TreeMap<>(needs.limits());
  }

  private static String line(Storage kept) {
    return kept.type() + " " + kept.redis().map(RestartHash::at);
  }

  private static String at(Storage.Redis redis) {
    return redis.addr()
        + " "
        + redis
            .sentinelConfig()
            .map(
                sentinel ->
                    sentinel.masterName()
                        + sentinel.sentinelAddrs()
                        + sentinel.sentinelService()
                        + sentinel.db());
  }
}
