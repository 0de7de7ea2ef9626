package dev.keyturn.planted.grant;

/** Planted: what the others reach for; itself innocent. */
public record Target(String name) {}
