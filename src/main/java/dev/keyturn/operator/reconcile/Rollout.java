package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far a Deployment is.
 *
 * @param done whether every pod is of the newest template and available
 */
record Rollout(int replicas, int ready, boolean done) {
  /** Of a Deployment of which nobody has heard yet. */
  static final Rollout NONE = new Rollout(0, 0, false);

  static Rollout of(JsonNode deployment) {
    var status = deployment.path("status");
    var wanted = deployment.at("/spec/replicas").asInt(1);
    var seen =
        status.path("observedGeneration").asLong()
            >= deployment.at("/metadata/generation").asLong();
    return new Rollout(
        status.path("replicas").asInt(),
        status.path("readyReplicas").asInt(),
        seen
            && status.path("updatedReplicas").asInt() >= wanted
            && status.path("availableReplicas").asInt() >= wanted
            && status.path("replicas").asInt() == status.path("updatedReplicas").asInt());
  }
}
