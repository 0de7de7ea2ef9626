package dev.keyturn.client;

import dev.keyturn.crypto.Digest;
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
 * @param owner who alone changes it; empty for a shared record
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1">RFC 7591, section 3.2.1</a>
 */
public record Registration(
    String id,
    ClientMetadata metadata,
    Instant issuedAt,
    Instant expiresAt,
    Optional<Owner> owner) {
  public Registration {
    if (metadata.hasSecret() != owner.flatMap(Owner::secretHash).isPresent()) {
      throw new IllegalArgumentException("a client has a secret if that is how it authenticates");
    }
  }

  /** A record of everybody who registers {@code metadata}. */
  static Registration shared(ClientMetadata metadata, Instant now, Duration life) {
    return new Registration(metadata.id(), metadata, now, now.plus(life), Optional.empty());
  }

  /** Whether it is everybody's who registers the same. */
  public boolean isShared() {
    return owner.isEmpty();
  }

  /** The same record, ending at another time. */
  Registration until(Instant end) {
    return new Registration(id, metadata, issuedAt, end, owner);
  }

  /** The same record with other metadata. */
  Registration with(ClientMetadata next) {
    return new Registration(id, next, issuedAt, expiresAt, owner);
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
        List.of(),
        authentication(),
        metadata.logout());
  }

  private Authentication authentication() {
    return metadata
        .keys()
        .map(keys -> Authentication.byKeys(keys, true))
        .or(
            () ->
                owner
                    .flatMap(Owner::secretHash)
                    .map(hash -> new Authentication(metadata.method(), List.of(hash), true)))
        .orElse(Authentication.PUBLIC);
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("id", id)
            .put("metadata", metadata.toJson())
            .put("issued_at", issuedAt.getEpochSecond())
            .put("expires_at", expiresAt.getEpochSecond());
    owner.ifPresent(one -> json.put("access", one.accessHash()));
    owner.flatMap(Owner::secretHash).ifPresent(hash -> json.put("secret", hash));
    return json;
  }

  static Registration fromJson(JsonObject json) {
    var secret = Optional.ofNullable(json.getString("secret"));
    return new Registration(
        json.getString("id"),
        ClientMetadata.fromJson(json.getJsonObject("metadata")),
        Instant.ofEpochSecond(json.getLong("issued_at")),
        Instant.ofEpochSecond(json.getLong("expires_at")),
        Optional.ofNullable(json.getString("access")).map(access -> new Owner(access, secret)));
  }

  /**
   * Whoever holds the token of a record that is not shared.
   *
   * @param accessHash of the token by which it reads, changes and deletes the record
   * @param secretHash of the client's secret; empty for a public client
   */
  public record Owner(String accessHash, Optional<String> secretHash) {
    /** Whether {@code token} is the one of the record. */
    public boolean admits(String token) {
      return Digest.same(accessHash, Digest.of(token));
    }

    /** Whether {@code secret} is the client's. */
    public boolean hasSecret(String secret) {
      return secretHash.filter(hash -> Digest.same(hash, Digest.of(secret))).isPresent();
    }

    /** Hides the hashes. */
    @Override
    public String toString() {
      return "Owner[hidden]";
    }
  }
}
