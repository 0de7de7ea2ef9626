package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;

/** Which state of an object somebody has seen, as far as it is ours. */
final class Version {
  private Version() {}

  /** Of a Deployment the specification alone, since its status changes all the time. */
  static String of(Kind kind, JsonNode object) {
    return kind == Kind.DEPLOYMENT || kind == Kind.BUDGET || kind == Kind.INGRESS
        ? object.at("/metadata/uid").asText() + " " + object.at("/metadata/generation").asText()
        : object.at("/metadata/resourceVersion").asText();
  }
}
