package dev.keyturn.planted.unlisted;

/** Planted: a package that no row lists. */
record Homeless(String name) {}
