package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.PodStatus;
import java.util.List;
import java.util.Optional;

/**
 * What runs for a config, for the servers behind it.
 *
 * @param acted whether it was just made; otherwise it is what was made last, or what would be made
 * @param refused what the API server has against it
 * @param deployments each with its pods
 */
record Outcome(boolean acted, Optional<String> refused, List<Part> deployments) {
  /** For what nobody names. */
  static final Outcome NOTHING = new Outcome(true, Optional.empty(), List.of());

  Outcome {
    deployments = List.copyOf(deployments);
  }

  /** One Deployment. */
  record Part(Keyturn keyturn, Optional<Rollout> rollout, List<PodStatus> pods) {
    Part {
      pods = List.copyOf(pods);
    }
  }

  /** The same, of which nothing is made now. */
  Outcome kept() {
    return new Outcome(false, refused, deployments);
  }

  /** The one behind which a server stands. */
  Optional<Part> of(String server) {
    return deployments.stream()
        .filter(part -> part.keyturn().servers().contains(server))
        .findFirst();
  }
}
