package dev.keyturn.upstream;

/**
 * A finished login: who it was, the tokens that came with it, and what else was said of the person.
 */
public record UpstreamLogin(Identity identity, UpstreamTokens tokens, Claims claims) {
  /** One of somebody of whom nothing else was said. */
  public UpstreamLogin(Identity identity, UpstreamTokens tokens) {
    this(identity, tokens, Claims.NONE);
  }
}
