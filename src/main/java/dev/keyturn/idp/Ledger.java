package dev.keyturn.idp;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everything that the provider remembers: its clients, its people and what it has issued. */
record Ledger(
    Clock clock,
    Mint mint,
    List<Person> people,
    Map<String, RelyingParty> clients,
    Set<RelyingParty> upToDate,
    Shelf<Pending> pending,
    Shelf<Login> codes,
    Shelf<Person> accessTokens,
    Shelf<Login> refreshTokens) {

  static Ledger of(IdentityProvider.Config config) {
    var clock = config.clock();
    return new Ledger(
        clock,
        new Mint(config.random()),
        config.people(),
        new ConcurrentHashMap<>(),
        ConcurrentHashMap.newKeySet(),
        new Shelf<>(clock, Duration.ofMinutes(10)),
        new Shelf<>(clock, Duration.ofMinutes(1)),
        new Shelf<>(clock, config.accessTokenLifetime()),
        new Shelf<>(clock, Duration.ofDays(30)));
  }

  Optional<RelyingParty> client(String clientId) {
    return Optional.ofNullable(clients.get(clientId));
  }

  /** Takes a client for another, or for a first one, of the same id. */
  void register(RelyingParty client) {
    upToDate.removeIf(other -> other.clientId().equals(client.clientId()));
    clients.put(client.clientId(), client);
  }

  /** The client that {@code secret} proves; one of its earlier secrets will do. */
  Optional<RelyingParty> clientProvenBy(String clientId, String secret) {
    var proven = client(clientId).filter(client -> client.isProvenBy(secret));
    proven.filter(client -> client.isPresent(secret)).ifPresent(upToDate::add);
    return proven;
  }

  /** Looks at everybody, so that the answer's time does not tell who exists. */
  Optional<Person> personProvenBy(String username, String password) {
    return people.stream()
        .filter(person -> person.isProvenBy(username, password))
        .reduce((first, second) -> first);
  }
}
