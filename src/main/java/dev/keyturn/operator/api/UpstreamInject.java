package dev.keyturn.operator.api;

import java.util.Optional;

/** What goes out is the access token that an upstream provider gave for the user. */
public record UpstreamInject(String providerName, Optional<String> headerName) {}
