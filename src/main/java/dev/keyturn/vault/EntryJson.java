package dev.keyturn.vault;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How an entry is written down before it is sealed. */
final class EntryJson {
  private EntryJson() {}

  static JsonObject of(VaultEntry entry) {
    var state = entry.state();
    var json =
        tokens(entry.tokens())
            .put("sub", entry.identity().subject())
            .put("account", entry.identity().account())
            .put("generation", state.generation())
            .put("obtained", state.obtained().toEpochMilli())
            .put("dead", state.dead());
    state.tried().ifPresent(at -> json.put("tried", at.toEpochMilli()));
    state.unvalidated().ifPresent(answer -> json.put("unvalidated", tokens(answer)));
    state.rotates().ifPresent(learned -> json.put("rotates", learned));
    state
        .intent()
        .ifPresent(
            intent ->
                json.put(
                    "intent",
                    new JsonObject()
                        .put("nonce", intent.nonce())
                        .put("at", intent.at().toEpochMilli())
                        .put("abandoned", intent.abandoned())));
    return json;
  }

  /** Reads also what was written before there was a state. */
  static VaultEntry entry(JsonObject json) {
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
    var state =
        new RefreshState(
            json.getString("generation", ""),
            Instant.ofEpochMilli(json.getLong("obtained", 0L)),
            time(json, "tried"),
            Optional.ofNullable(json.getJsonObject("intent")).map(EntryJson::intent),
            Optional.ofNullable(json.getJsonObject("unvalidated")).map(EntryJson::tokens),
            Optional.ofNullable(json.getBoolean("rotates")),
            json.getBoolean("dead", false));
    return new VaultEntry(identity, tokens(json), state);
  }

  private static JsonObject tokens(UpstreamTokens tokens) {
    var json =
        new JsonObject().put("access", tokens.accessToken()).put("scope", tokens.scopes().wire());
    tokens.refreshToken().ifPresent(value -> json.put("refresh", value));
    tokens.idToken().ifPresent(value -> json.put("id", value));
    tokens.expiresAt().ifPresent(value -> json.put("expires", value.toEpochMilli()));
    return json;
  }

  private static UpstreamTokens tokens(JsonObject json) {
    return new UpstreamTokens(
        json.getString("access"),
        Optional.ofNullable(json.getString("refresh")),
        Optional.ofNullable(json.getString("id")),
        time(json, "expires"),
        Scopes.parse(json.getString("scope")));
  }

  private static Intent intent(JsonObject json) {
    return new Intent(
        json.getString("nonce"),
        Instant.ofEpochMilli(json.getLong("at")),
        json.getBoolean("abandoned"));
  }

  private static Optional<Instant> time(JsonObject json, String field) {
    return Optional.ofNullable(json.getLong(field)).map(Instant::ofEpochMilli);
  }
}
