package dev.keyturn.authorize;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.Authorization;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.ProviderSession;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Somebody who has logged in, with the accounts whose tokens may be used.
 *
 * @param identity the upstream that they logged in at
 * @param accounts by upstream, that one among them
 * @param used the same upstreams, with the scopes that were asked for there, and those that were
 *     granted besides
 * @param since when they logged in
 * @param account by what that account can be told from others
 * @param login that login as the identity upstream names it, if it does
 */
record Arrived(
    String subject,
    String identity,
    Map<String, String> accounts,
    Map<String, Scopes> used,
    Authorization.Person person,
    Instant since,
    String account,
    Optional<ProviderSession> login) {
  /** How long after the login further accounts may be linked by it. */
  static final Duration LINKING = Duration.ofMinutes(10);

  Arrived {
    accounts = Map.copyOf(accounts);
    used = Map.copyOf(used);
  }

  static Arrived at(String upstream, Identity who, Scopes used, Instant now) {
    var person =
        new Authorization.Person(
            who.name(),
            who.email(),
            who.emailVerified(),
            who.authenticatedAt(),
            who.acr(),
            who.amr(),
            Optional.of(upstream));
    return new Arrived(
        who.subject(),
        upstream,
        Map.of(upstream, who.account()),
        Map.of(upstream, used),
        person,
        now,
        ShownName.account(who),
        Optional.empty());
  }

  /** The same, by a login that the upstream can name later. */
  Arrived by(Optional<ProviderSession> named) {
    return new Arrived(subject, identity, accounts, used, person, since, account, named);
  }

  /** Somebody who comes by the cookie of a login; no session will be of it. */
  static Arrived of(PersonCookies.Visitor visitor) {
    var person =
        new Authorization.Person(
            Optional.of(visitor.name()).filter(name -> !name.isEmpty()),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.of(visitor.upstream()));
    return new Arrived(
        visitor.subject(),
        visitor.upstream(),
        Map.of(),
        Map.of(),
        person,
        visitor.since(),
        visitor.account(),
        Optional.empty());
  }

  /** The same, with an account at a further upstream. */
  Arrived with(String upstream, String linked, Scopes there) {
    var more = new HashMap<>(accounts);
    more.put(upstream, linked);
    var scopes = new HashMap<>(used);
    scopes.put(upstream, there);
    return new Arrived(subject, identity, more, scopes, person, since, account, login);
  }

  /** Whether it is too late to link anything by this login. */
  boolean isOver(Instant now) {
    return !now.isBefore(since.plus(LINKING));
  }

  /** How a page calls the person. */
  String name() {
    return Arrival.personOf(person);
  }

  JsonObject toJson() {
    var json = new JsonObject();
    login.ifPresent(named -> json.put("iss", named.issuer()).put("sid", named.id()));
    return json.put("sub", subject)
        .put("account", account)
        .put("identity", identity)
        .put("accounts", new JsonObject(new HashMap<>(accounts)))
        .put("used", UpstreamScopes.toJson(used))
        .put("person", person.toJson())
        .put("since", since.toEpochMilli());
  }

  static Arrived fromJson(JsonObject json) {
    return new Arrived(
        json.getString("sub"),
        json.getString("identity"),
        json.getJsonObject("accounts").stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> (String) entry.getValue())),
        UpstreamScopes.fromJson(json.getJsonObject("used")),
        Authorization.Person.fromJson(json.getJsonObject("person")),
        Instant.ofEpochMilli(json.getLong("since")),
        json.getString("account", ""),
        Optional.ofNullable(json.getString("sid"))
            .map(sid -> new ProviderSession(json.getString("iss"), sid)));
  }

  /** Shows the opaque subject and no claim. */
  @Override
  public String toString() {
    return "Arrived[" + subject + "]";
  }
}
