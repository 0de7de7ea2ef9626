package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.api.Resources;
import java.util.Optional;

/**
 * What is kept of an object that was made.
 *
 * @param owner the resource for which it was made
 * @param rollout of a Deployment
 */
record Owned(Key owner, String version, Optional<Rollout> rollout) {
  /** Empty where it was made for nobody of ours. */
  static Optional<Owned> of(Kind kind, JsonNode object) {
    for (var owner : object.at("/metadata/ownerReferences")) {
      if (owner.path("apiVersion").asText().equals(Resources.API_VERSION)) {
        return Optional.of(
            new Owned(
                new Key(
                    owner.path("kind").asText().equals(Kind.CONFIG.word())
                        ? Kind.CONFIG
                        : Kind.SERVER,
                    object.at("/metadata/namespace").asText(),
                    owner.path("name").asText()),
                Version.of(kind, object),
                kind == Kind.DEPLOYMENT ? Optional.of(Rollout.of(object)) : Optional.empty()));
      }
    }
    return Optional.empty();
  }
}
