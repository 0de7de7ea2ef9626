package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/** Whether a provider could be reached by the pods. */
public record UpstreamStatus(
    String name, @JsonInclude(JsonInclude.Include.ALWAYS) boolean ready, Optional<String> reason) {}
