package dev.keyturn.upstream;

import dev.keyturn.oauth.Scopes;
import java.time.Instant;
import java.util.Optional;

/**
 * The tokens that an identity provider gave for one person.
 *
 * @param expiresAt when the access token ends, if the provider said
 * @param scopes what the provider granted, which may be less than was asked for
 */
public record UpstreamTokens(
    String accessToken,
    Optional<String> refreshToken,
    Optional<String> idToken,
    Optional<Instant> expiresAt,
    Scopes scopes) {
  /** The same tokens, with those of {@code old} that this answer left out. */
  public UpstreamTokens orElse(UpstreamTokens old) {
    return new UpstreamTokens(
        accessToken,
        refreshToken.or(old::refreshToken),
        idToken.or(old::idToken),
        expiresAt,
        scopes);
  }

  /** Shows nothing of any token. */
  @Override
  public String toString() {
    return "UpstreamTokens[hidden]";
  }
}
