package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/** One thing that is known of a resource: whether it holds, and why. */
public record Condition(
    String type,
    Status status,
    Optional<Long> observedGeneration,
    String lastTransitionTime,
    String reason,
    String message) {
  /** Whether it holds. */
  public enum Status {
    @JsonProperty("True")
    TRUE,
    @JsonProperty("False")
    FALSE,
    @JsonProperty("Unknown")
    UNKNOWN
  }
}
