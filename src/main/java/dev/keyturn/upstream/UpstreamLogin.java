package dev.keyturn.upstream;

/** A finished login: who it was, and the tokens that came with it. */
public record UpstreamLogin(Identity identity, UpstreamTokens tokens) {}
