package dev.keyturn.planted.oauth;

/** Planted: the first row reaches up to a later one. */
record Upward(dev.keyturn.planted.grant.Target target) {}
