package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/** A signing key and where in its life it is; until when, where that is known. */
public record KeyStatus(String kid, State state, Optional<String> until) {
  /** The life of a key. */
  public enum State {
    @JsonProperty("published")
    PUBLISHED,
    @JsonProperty("signing")
    SIGNING,
    @JsonProperty("retiring")
    RETIRING
  }
}
