package dev.keyturn.token;

import dev.keyturn.client.Commitment;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a person approved for a client in one login.
 *
 * @param resources the audiences that tokens may have, in the configuration's spelling, not empty
 * @param accounts for each upstream the account there whose tokens may be used
 * @param person what the identity upstream said about the person
 * @param commitment how the client was to authenticate when the person was asked; empty: nobody has
 *     looked
 * @param named for each of those upstreams the scopes there that were approved with it; what was
 *     written before these were noted has none
 */
public record Authorization(
    String sessionId,
    String clientId,
    String subject,
    Scopes scopes,
    List<String> resources,
    Map<String, String> accounts,
    Person person,
    Optional<Commitment> commitment,
    Map<String, Scopes> named) {
  public Authorization {
    resources = List.copyOf(resources);
    accounts = Map.copyOf(accounts);
    named = Map.copyOf(named);
    if (resources.isEmpty()) {
      throw new IllegalArgumentException("an authorization has at least one resource");
    }
  }

  /** One that rests on nothing of the client but its name. */
  public Authorization(
      String sessionId,
      String clientId,
      String subject,
      Scopes scopes,
      List<String> resources,
      Map<String, String> accounts,
      Person person) {
    this(
        sessionId,
        clientId,
        subject,
        scopes,
        resources,
        accounts,
        person,
        Optional.empty(),
        Map.of());
  }

  /** The same for a client that has committed itself, with the scopes that are used upstream. */
  public Authorization by(Optional<Commitment> committed, Map<String, Scopes> used) {
    return new Authorization(
        sessionId, clientId, subject, scopes, resources, accounts, person, committed, used);
  }

  /** What a token of that upstream may open here at most; empty if that was not noted. */
  public Optional<Scopes> namedAt(String upstream) {
    return Optional.ofNullable(named.get(upstream));
  }

  /** Whether the person logged in there, so that the session stands and falls with it. */
  public boolean restsOn(String upstream) {
    return person.upstream().map(upstream::equals).orElse(accounts.size() <= 1);
  }

  /**
   * What the identity upstream said.
   *
   * @param authenticatedAt when the person logged in there; empty if it did not say
   * @param upstream its name; empty in what was written while there was one upstream only
   */
  public record Person(
      Optional<String> name,
      Optional<String> email,
      boolean emailVerified,
      Optional<Instant> authenticatedAt,
      Optional<String> acr,
      List<String> amr,
      Optional<String> upstream) {
    public Person {
      amr = List.copyOf(amr);
    }

    /** What the only upstream said. */
    public Person(
        Optional<String> name,
        Optional<String> email,
        boolean emailVerified,
        Optional<Instant> authenticatedAt,
        Optional<String> acr,
        List<String> amr) {
      this(name, email, emailVerified, authenticatedAt, acr, amr, Optional.empty());
    }

    public JsonObject toJson() {
      var json = new JsonObject().put("email_verified", emailVerified).put("amr", amr);
      name.ifPresent(value -> json.put("name", value));
      email.ifPresent(value -> json.put("email", value));
      authenticatedAt.ifPresent(value -> json.put("auth_time", value.getEpochSecond()));
      acr.ifPresent(value -> json.put("acr", value));
      upstream.ifPresent(value -> json.put("upstream", value));
      return json;
    }

    public static Person fromJson(JsonObject json) {
      return new Person(
          Optional.ofNullable(json.getString("name")),
          Optional.ofNullable(json.getString("email")),
          json.getBoolean("email_verified"),
          Optional.ofNullable(json.getLong("auth_time")).map(Instant::ofEpochSecond),
          Optional.ofNullable(json.getString("acr")),
          strings(json.getJsonArray("amr")),
          Optional.ofNullable(json.getString("upstream")));
    }

    /** Tells nothing about anybody. */
    @Override
    public String toString() {
      return "Person[hidden]";
    }
  }

  public JsonObject toJson() {
    var json =
        new JsonObject()
            .put("sid", sessionId)
            .put("client", clientId)
            .put("sub", subject)
            .put("scope", scopes.wire())
            .put("resources", resources)
            .put("accounts", new JsonObject(Map.copyOf(accounts)))
            .put("person", person.toJson());
    commitment.ifPresent(value -> json.put("commitment", value.toJson()));
    if (!named.isEmpty()) {
      var scopes = new JsonObject();
      named.forEach((upstream, all) -> scopes.put(upstream, all.wire()));
      json.put("named", scopes);
    }
    return json;
  }

  public static Authorization fromJson(JsonObject json) {
    return new Authorization(
        json.getString("sid"),
        json.getString("client"),
        json.getString("sub"),
        Scopes.parse(json.getString("scope")),
        strings(json.getJsonArray("resources")),
        json.getJsonObject("accounts").stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> (String) entry.getValue())),
        Person.fromJson(json.getJsonObject("person")),
        Optional.ofNullable(json.getJsonObject("commitment")).map(Commitment::fromJson),
        json.getJsonObject("named", new JsonObject()).stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> Scopes.parse((String) entry.getValue()))));
  }

  static List<String> strings(JsonArray array) {
    return array.stream().map(String.class::cast).toList();
  }
}
