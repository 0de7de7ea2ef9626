package dev.keyturn.planted.client;

/** Planted: the other package of the row; itself innocent. */
public record Neighbour(String name) {}
