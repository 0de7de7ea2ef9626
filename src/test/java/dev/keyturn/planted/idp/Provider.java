package dev.keyturn.planted.idp;

/** Planted: an identity provider for demonstrations; itself innocent. */
public record Provider(String name) {}
