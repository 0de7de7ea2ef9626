package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A pod of a Keyturn.
 *
 * <p>Anybody in a namespace can make a pod with any labels; so nothing that a pod says of itself
 * decides where it is asked.
 *
 * @param deployment whose it is
 */
record PodSeen(String namespace, String name, String deployment, String address, boolean ready) {
  /** Where each tells what it has loaded, as the template of its Deployment says. */
  static final int PORT = 9090;

  private static final String LABELS = "/metadata/labels/";
  private static final String INSTANCE = LABELS + "app.kubernetes.io~1instance";
  private static final String TEMPLATE = LABELS + "pod-template-hash";

  /** Empty where it is nobody's, and where it is not as the template of a Deployment makes it. */
  static Optional<PodSeen> of(JsonNode pod) {
    var deployment = pod.at(INSTANCE).asText();
    return deployment.isEmpty()
            || pod.at("/metadata").has("deletionTimestamp")
            || pod.at("/spec/hostNetwork").asBoolean()
            || !isControlledBy(deployment + "-" + pod.at(TEMPLATE).asText(), pod)
        ? Optional.empty()
        : Optional.of(
            new PodSeen(
                pod.at("/metadata/namespace").asText(),
                pod.at("/metadata/name").asText(),
                deployment,
                pod.at("/status/podIP").asText(),
                isReady(pod)));
  }

  /** Whether it can be asked. */
  boolean answers() {
    return ready && !address.isEmpty();
  }

  private static boolean isControlledBy(String replicaSet, JsonNode pod) {
    for (var owner : pod.at("/metadata/ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return owner.path("apiVersion").asText().equals("apps/v1")
            && owner.path("kind").asText().equals("ReplicaSet")
            && owner.path("name").asText().equals(replicaSet);
      }
    }
    return false;
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
