package dev.keyturn.operator.api;

/**
 * One entry of a Secret in the same namespace; what is written there never stands in a resource.
 */
public record SecretKeyRef(String name, String key) {}
