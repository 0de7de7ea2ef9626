package dev.keyturn.planted.upstream;

/** Planted: two packages of one row know each other. */
record Sideways(dev.keyturn.planted.client.Neighbour neighbour) {}
