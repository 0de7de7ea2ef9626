package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What every resource says of itself, as far as it is of use here. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Metadata(
    String name,
    Optional<String> namespace,
    Optional<String> uid,
    Optional<String> resourceVersion,
    Optional<Long> generation,
    Optional<String> creationTimestamp,
    Optional<String> deletionTimestamp,
    List<String> finalizers,
    Map<String, String> labels,
    Map<String, String> annotations) {
  public Metadata {
    finalizers = List.copyOf(finalizers);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The metadata of a resource that somebody writes down. */
  public static Metadata of(Optional<String> namespace, String name) {
    return new Metadata(
        name,
        namespace,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Map.of(),
        Map.of());
  }

  /** Whether somebody asked for its deletion, which finalizers hold up. */
  public boolean isBeingDeleted() {
    return deletionTimestamp.isPresent();
  }
}
