package dev.keyturn.operator.api;

/** What goes out is one header with a fixed secret. */
public record HeaderInjection(String headerName, SecretKeyRef valueSecretRef) {}
