package dev.keyturn.upstream;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The clients that Keyturn is at one provider, newest first, as all replicas know them.
 *
 * <p>Those of before stay as long as the provider may know them: tokens that they were given are
 * renewed by them alone.
 *
 * @param written when it was last written, so that it does not die of old age
 */
record EnrolmentRecord(List<EnrolledClient> clients, Instant written) {
  static final EnrolmentRecord NONE = new EnrolmentRecord(List.of(), Instant.EPOCH);

  private static final int MOST = 8;

  /** How long a client is tried whose secret has ended: clocks differ. */
  private static final Duration AFTERWARDS = Duration.ofHours(1);

  EnrolmentRecord {
    clients = List.copyOf(clients);
  }

  /** The one that serves {@code purpose} now, if any does. */
  Optional<EnrolledClient> of(String purpose, Instant now) {
    return clients.stream()
        .filter(client -> client.purpose().equals(purpose) && !client.isOver(now))
        .findFirst();
  }

  /** Who begins logins for {@code purpose}, and who else may still be known. */
  KnownClients known(String purpose, Instant now) {
    var current = of(purpose, now).map(EnrolledClient::credentials);
    return new KnownClients(
        current.orElse(Credentials.NOBODY),
        clients.stream()
            .map(EnrolledClient::credentials)
            .filter(one -> !current.equals(Optional.of(one)))
            .toList());
  }

  Optional<EnrolledClient> named(String id) {
    return clients.stream().filter(client -> client.id().equals(id)).findFirst();
  }

  /** With {@code client} before all others, in place of an older one of its name. */
  EnrolmentRecord with(EnrolledClient client, Instant now) {
    var others =
        clients.stream()
            .filter(other -> !other.id().equals(client.id()))
            .filter(other -> !other.isOver(now.minus(AFTERWARDS)));
    return new EnrolmentRecord(Stream.concat(Stream.of(client), others).limit(MOST).toList(), now);
  }

  /** Without the client of that name. */
  EnrolmentRecord without(String id, Instant now) {
    return new EnrolmentRecord(
        clients.stream().filter(client -> !client.id().equals(id)).toList(), now);
  }

  EnrolmentRecord at(Instant now) {
    return new EnrolmentRecord(clients, now);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("written", written.toEpochMilli())
        .put("clients", new JsonArray(clients.stream().map(EnrolledClient::toJson).toList()));
  }

  static EnrolmentRecord fromJson(JsonObject json) {
    return new EnrolmentRecord(
        json.getJsonArray("clients").stream()
            .map(JsonObject.class::cast)
            .map(EnrolledClient::fromJson)
            .toList(),
        Instant.ofEpochMilli(json.getLong("written")));
  }
}
