package dev.keyturn.upstream;

import java.util.Optional;

/**
 * A finished login: who it was, the tokens that came with it, and what else was said of the person.
 *
 * @param client whom the tokens were given to, if that was noted
 */
public record UpstreamLogin(
    Identity identity, UpstreamTokens tokens, Claims claims, Optional<String> client) {
  /** One of whatever client. */
  public UpstreamLogin(Identity identity, UpstreamTokens tokens, Claims claims) {
    this(identity, tokens, claims, Optional.empty());
  }

  /** One of somebody of whom nothing else was said. */
  public UpstreamLogin(Identity identity, UpstreamTokens tokens) {
    this(identity, tokens, Claims.NONE);
  }

  /** The same, begun and finished by that client. */
  UpstreamLogin of(String clientId) {
    return new UpstreamLogin(identity, tokens, claims, Optional.of(clientId));
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
