package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A pod of a Keyturn.
 *
 * @param deployment whose it is
 * @param port where it tells what it has loaded
 */
record PodSeen(
    String namespace, String name, String deployment, String address, int port, boolean ready) {
  private static final String INSTANCE = "app.kubernetes.io~1instance";

  /** Empty where it is nobody's. */
  static Optional<PodSeen> of(JsonNode pod) {
    var deployment = pod.at("/metadata/labels/" + INSTANCE).asText();
    return deployment.isEmpty() || pod.at("/metadata").has("deletionTimestamp")
        ? Optional.empty()
        : Optional.of(
            new PodSeen(
                pod.at("/metadata/namespace").asText(),
                pod.at("/metadata/name").asText(),
                deployment,
                pod.at("/status/podIP").asText(),
                port(pod),
                isReady(pod)));
  }

  /** Whether it can be asked. */
  boolean answers() {
    return ready && !address.isEmpty() && port > 0;
  }

  private static int port(JsonNode pod) {
    for (var container : pod.at("/spec/containers")) {
      for (var port : container.path("ports")) {
        if (port.path("name").asText().equals("management")) {
          return port.path("containerPort").asInt();
        }
      }
    }
    return 0;
  }

  private static boolean isReady(JsonNode pod) {
    for (var condition : pod.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }
}
