package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.reconcile.Hands.Notice;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Tells at a resource that it is not understood; the rest of its status stays as it is. */
final class Misread {
  /** The reason of the condition and of the event. */
  static final String NOT_UNDERSTOOD = "NotUnderstood";

  private static final String VALID = "Valid";
  private static final String CONDITIONS = "conditions";

  private final Hands hands;
  private final Clock clock;

  Misread(Hands hands, Clock clock) {
    this.hands = hands;
    this.clock = clock;
  }

  void tell(Unread resource) {
    var before = valid(resource.status());
    var said = said(resource, before);
    var status = resource.status().deepCopy();
    var conditions = status.putArray(CONDITIONS).add(said);
    for (var one : resource.status().path(CONDITIONS)) {
      if (!one.path("type").asText().equals(VALID)) {
        conditions.add(one);
      }
    }
    resource.metadata().generation().ifPresent(seen -> status.put("observedGeneration", seen));
    if (!status.equals(resource.status())) {
      hands.status(resource.key(), status);
    }
    if (!before.path("reason").asText().equals(NOT_UNDERSTOOD)) {
      hands.tell(
          resource.key(),
          resource.metadata().uid().orElse(""),
          new Notice(false, NOT_UNDERSTOOD, VALID + ": " + sentence(resource)));
    }
  }

  /** What is to be said of something that depends on it. */
  static Standing standing(Unread resource) {
    return new Standing(
        false,
        false,
        NOT_UNDERSTOOD,
        resource.key().kind().word() + " " + resource.key().name() + ": " + sentence(resource));
  }

  private ObjectNode said(Unread resource, JsonNode before) {
    var said = JsonNodeFactory.instance.objectNode();
    said.put("type", VALID).put("status", "False");
    resource.metadata().generation().ifPresent(seen -> said.put("observedGeneration", seen));
    return said.put(
            "lastTransitionTime",
            before.path("status").asText().equals("False")
                ? before.path("lastTransitionTime").asText()
                : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("reason", NOT_UNDERSTOOD)
        .put("message", sentence(resource));
  }

  private static String sentence(Unread resource) {
    return resource.because()
        + " is not understood by this operator, which may be older than the resource; what runs"
        + " stays as it is";
  }

  private static JsonNode valid(ObjectNode status) {
    for (var one : status.path(CONDITIONS)) {
      if (one.path("type").asText().equals(VALID)) {
        return one;
      }
    }
    return JsonNodeFactory.instance.objectNode();
  }
}
