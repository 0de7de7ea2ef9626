package dev.keyturn.operator.api;

import java.util.Optional;

/** Whether a provider could be reached by the pods. */
public record UpstreamStatus(String name, boolean ready, Optional<String> reason) {}
