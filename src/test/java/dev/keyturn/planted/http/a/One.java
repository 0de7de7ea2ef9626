package dev.keyturn.planted.http.a;

/** Planted: half of a ring within one concept. */
public record One(dev.keyturn.planted.http.b.Other other) {}
