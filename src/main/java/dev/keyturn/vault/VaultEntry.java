package dev.keyturn.vault;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the vault holds of one account: its tokens, and whose they are. */
record VaultEntry(Identity identity, UpstreamTokens tokens) {
  private static final Duration EARLY = Duration.ofSeconds(30);

  /** This entry, with the refresh token of the old one if it brings none of its own. */
  VaultEntry after(Optional<VaultEntry> old) {
    return withRefreshToken(
        tokens
            .refreshToken()
            .or(() -> old.filter(this::isSameAccount).flatMap(e -> e.tokens().refreshToken())));
  }

  VaultEntry withRefreshToken(Optional<String> refreshToken) {
    return new VaultEntry(
        identity,
        new UpstreamTokens(
            tokens.accessToken(),
            refreshToken,
            tokens.idToken(),
            tokens.expiresAt(),
            tokens.scopes()));
  }

  /** What stays open in memory: the access token alone. */
  VaultEntry opened() {
    return new VaultEntry(
        identity,
        new UpstreamTokens(
            tokens.accessToken(),
            Optional.empty(),
            Optional.empty(),
            tokens.expiresAt(),
            tokens.scopes()));
  }

  /** The access token alone, for those who use it. */
  UsableToken usable() {
    return new UsableToken(tokens.accessToken(), tokens.expiresAt());
  }

  /** Whether it is time for another access token, a little before this one ends. */
  boolean isDue(Instant now) {
    return tokens.expiresAt().map(end -> !now.isBefore(end.minus(EARLY))).orElse(false);
  }

  /** Whether the access token has ended. */
  boolean isOver(Instant now) {
    return tokens.expiresAt().map(end -> !now.isBefore(end)).orElse(false);
  }

  private boolean isSameAccount(VaultEntry other) {
    return identity.account().equals(other.identity().account());
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("sub", identity.subject())
            .put("account", identity.account())
            .put("access", tokens.accessToken())
            .put("scope", tokens.scopes().wire());
    tokens.refreshToken().ifPresent(value -> json.put("refresh", value));
    tokens.idToken().ifPresent(value -> json.put("id", value));
    tokens.expiresAt().ifPresent(value -> json.put("expires", value.toEpochMilli()));
    return json;
  }

  static VaultEntry fromJson(JsonObject json) {
    var identity =
        new Identity(
            json.getString("sub"),
            json.getString("account"),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            List.of());
    var tokens =
        new UpstreamTokens(
            json.getString("access"),
            Optional.ofNullable(json.getString("refresh")),
            Optional.ofNullable(json.getString("id")),
            Optional.ofNullable(json.getLong("expires")).map(Instant::ofEpochMilli),
            Scopes.parse(json.getString("scope")));
    return new VaultEntry(identity, tokens);
  }

  /** Names the person by our own subject and shows no token. */
  @Override
  public String toString() {
    return "VaultEntry[" + identity + "]";
  }
}
