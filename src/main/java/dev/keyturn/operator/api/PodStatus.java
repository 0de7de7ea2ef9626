package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/** What a pod has loaded, and why it is not the newest. */
public record PodStatus(
    String name,
    Optional<String> generation,
    @JsonInclude(JsonInclude.Include.ALWAYS) boolean upToDate,
    Optional<String> reason) {}
