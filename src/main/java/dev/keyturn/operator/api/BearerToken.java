package dev.keyturn.operator.api;

/** What goes out is a fixed token in the {@code Authorization} header. */
public record BearerToken(SecretKeyRef tokenSecretRef) {}
