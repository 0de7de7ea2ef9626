package dev.keyturn.operator.api;

import java.util.Optional;

/** A proxy through which a provider is reached; user and password go together. */
public record EgressProxy(
    String url, Optional<String> username, Optional<SecretKeyRef> passwordSecretRef) {}
