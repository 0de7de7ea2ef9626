package dev.keyturn.operator.api;

/** One entry of a ConfigMap in the same namespace. */
public record ConfigMapKeyRef(String name, String key) {}
