package dev.keyturn.operator.api;

/** Certificates of the authorities that may vouch for a server, besides those of the system. */
public record CaBundleRef(ConfigMapKeyRef configMapRef) {}
