package dev.keyturn.client;

import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The record of a client that registered itself.
 *
 * @param expiresAt when it ends, unless it is used or registered again
 * @param accessHash of the token by which its only owner changes it; empty for a shared record
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1">RFC 7591, section 3.2.1</a>
 */
public record Registration(
    String id,
    ClientMetadata metadata,
    Instant issuedAt,
    Instant expiresAt,
    Optional<String> accessHash) {
  /** A record of everybody who registers {@code metadata}. */
  static Registration shared(ClientMetadata metadata, Instant now, Duration life) {
    return new Registration(metadata.id(), metadata, now, now.plus(life), Optional.empty());
  }

  /** Whether it is everybody's who registers the same. */
  public boolean isShared() {
    return accessHash.isEmpty();
  }

  /** The same record, ending at another time. */
  Registration until(Instant end) {
    return new Registration(id, metadata, issuedAt, end, accessHash);
  }

  /** The same record with other metadata. */
  Registration with(ClientMetadata next) {
    return new Registration(id, next, issuedAt, expiresAt, accessHash);
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
    var json =
        new JsonObject()
            .put("id", id)
            .put("metadata", metadata.toJson())
            .put("issued_at", issuedAt.getEpochSecond())
            .put("expires_at", expiresAt.getEpochSecond());
    accessHash.ifPresent(hash -> json.put("access", hash));
    return json;
  }

  static Registration fromJson(JsonObject json) {
    return new Registration(
        json.getString("id"),
        ClientMetadata.fromJson(json.getJsonObject("metadata")),
        Instant.ofEpochSecond(json.getLong("issued_at")),
        Instant.ofEpochSecond(json.getLong("expires_at")),
        Optional.ofNullable(json.getString("access")));
  }
}
