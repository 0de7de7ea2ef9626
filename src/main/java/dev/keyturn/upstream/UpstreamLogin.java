package dev.keyturn.upstream;

import java.util.Optional;

/**
 * A finished login: who it was, the tokens that came with it, and what else was said of the person.
 */
public record UpstreamLogin(Identity identity, UpstreamTokens tokens, Claims claims) {
  /** One of somebody of whom nothing else was said. */
  public UpstreamLogin(Identity identity, UpstreamTokens tokens) {
    this(identity, tokens, Claims.NONE);
  }

  /** The login as the provider's ID token names it, which was judged before. */
  public Optional<ProviderSession> session() {
    return tokens
        .idToken()
        .flatMap(Json::payload)
        .flatMap(
            said ->
                Json.text(said, "iss")
                    .flatMap(
                        issuer ->
                            Json.text(said, "sid")
                                .filter(Subject::isValid)
                                .map(sid -> new ProviderSession(issuer, sid))));
  }
}
