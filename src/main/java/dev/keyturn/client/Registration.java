package dev.keyturn.client;

import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The record of a client that registered itself.
 *
 * @param expiresAt when it ends, unless it is used or registered again
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1">RFC 7591, section 3.2.1</a>
 */
public record Registration(
    String id, ClientMetadata metadata, Instant issuedAt, Instant expiresAt) {
  /** The same record, ending at another time. */
  Registration until(Instant end) {
    return new Registration(id, metadata, issuedAt, end);
  }

  /** The client; an empty {@code ceiling} is none. */
  Client client(Scopes ceiling) {
    return new Client(
        id,
        Client.Kind.REGISTERED,
        new ClientName(metadata.name(), metadata.localNames()),
        metadata.redirectUris(),
        metadata.grantTypes(),
        Optional.of(ceiling).filter(scopes -> !scopes.isEmpty()),
        List.of());
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("metadata", metadata.toJson())
        .put("issued_at", issuedAt.getEpochSecond())
        .put("expires_at", expiresAt.getEpochSecond());
  }

  static Registration fromJson(JsonObject json) {
    return new Registration(
        json.getString("id"),
        ClientMetadata.fromJson(json.getJsonObject("metadata")),
        Instant.ofEpochSecond(json.getLong("issued_at")),
        Instant.ofEpochSecond(json.getLong("expires_at")));
  }
}
