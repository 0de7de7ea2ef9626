package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A client that Keyturn is at a provider since it registered there.
 *
 * @param purpose what it was registered for, as {@link Registration#purpose}
 * @param since when the provider last gave it a term
 * @param end when its secret ends, if it does
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1">RFC 7591, section 3.2.1</a>
 */
record EnrolledClient(
    Credentials credentials,
    String purpose,
    Instant since,
    Optional<Instant> end,
    Optional<Management> management) {
  private static final Duration EARLIEST = Duration.ofHours(24);

  String id() {
    return credentials.clientId();
  }

  boolean isOver(Instant now) {
    return end.map(last -> !now.isBefore(last)).orElse(false);
  }

  /** Whether it is time for what follows: the last quarter of its life, or its last day. */
  boolean isDue(Instant now) {
    return end.map(last -> !now.isBefore(last.minus(early(last)))).orElse(false);
  }

  private Duration early(Instant last) {
    var quarter = Duration.between(since, last).dividedBy(4);
    return quarter.compareTo(EARLIEST) < 0 ? quarter : EARLIEST;
  }

  /** Whether this one lives longer than {@code old}. */
  boolean outlives(EnrolledClient old) {
    return end.isEmpty() || old.end.map(last -> end.get().isAfter(last)).orElse(false);
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("client_id", id())
            .put("method", credentials.authentication().wire())
            .put("purpose", purpose)
            .put("since", since.toEpochMilli());
    credentials.secret().ifPresent(secret -> json.put("secret", secret.value()));
    end.ifPresent(last -> json.put("end", last.toEpochMilli()));
    management.ifPresent(
        at -> json.put("uri", at.uri().toString()).put("token", at.token().value()));
    return json;
  }

  static EnrolledClient fromJson(JsonObject json) {
    var method = ClientAuthentication.of(json.getString("method"));
    return new EnrolledClient(
        new Credentials(
            json.getString("client_id"),
            Optional.ofNullable(json.getString("secret")).map(Secret::new),
            method.orElse(ClientAuthentication.NONE)),
        json.getString("purpose"),
        Instant.ofEpochMilli(json.getLong("since")),
        Optional.ofNullable(json.getLong("end")).map(Instant::ofEpochMilli),
        Optional.ofNullable(json.getString("uri"))
            .map(uri -> new Management(URI.create(uri), new Secret(json.getString("token")))));
  }

  /** Shows nothing but the name. */
  @Override
  public String toString() {
    return "EnrolledClient[" + id() + "]";
  }

  /**
   * Where the provider lets a client look after its own record.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-3">RFC 7592, section 3</a>
   */
  record Management(URI uri, Secret token) {}
}
