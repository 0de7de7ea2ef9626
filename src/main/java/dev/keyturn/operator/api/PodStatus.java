package dev.keyturn.operator.api;

import java.util.Optional;

/** What a pod has loaded, and why it is not the newest. */
public record PodStatus(
    String name, Optional<String> generation, boolean upToDate, Optional<String> reason) {}
