package dev.keyturn.user;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a person has approved: which client, at which redirect URI, may do what where, by whose
 * tokens.
 *
 * @param redirectUri as the client has registered it
 * @param resources what the scopes were approved for
 * @param upstreams by name, with the scopes that are used there
 * @param at when it was last approved
 */
public record Decision(
    NamedClient client,
    String redirectUri,
    Scopes scopes,
    List<String> resources,
    Map<String, Scopes> upstreams,
    Instant at) {
  /** How long a decision holds. */
  public static final Duration LIFE = Duration.ofDays(90);

  public Decision {
    resources = resources.stream().sorted().toList();
    upstreams = Map.copyOf(upstreams);
  }

  /** Names it among those of one person: what two have in common but their scopes. */
  public String id() {
    var used = new TreeMap<String, String>();
    upstreams.forEach((upstream, granted) -> used.put(upstream, granted.wire()));
    return Digest.of(List.of(client.id(), redirectUri, resources, used).toString());
  }

  /** When it holds no more. */
  public Instant endsAt() {
    return at.plus(LIFE);
  }

  public RedirectUri destination() {
    return new RedirectUri(redirectUri);
  }

  /** Whether its scopes were approved for all of this. */
  boolean isAbout(Subject subject, Instant now) {
    return isOf(subject.clientId, subject.redirectUri)
        && resources.containsAll(subject.resources)
        && uses(subject.upstreams)
        && now.isBefore(endsAt());
  }

  /** Whether it is about this client at this place, whatever was approved. */
  boolean isOf(String clientId, String uri) {
    return client.id().equals(clientId) && redirectUri.equals(uri);
  }

  /** Whether both are about the same thing, so that the later one takes up the earlier. */
  boolean isSameAs(Decision other) {
    return isOf(other.client.id(), other.redirectUri)
        && resources.equals(other.resources)
        && upstreams.equals(other.upstreams);
  }

  /** This decision with the scopes of an earlier one too. */
  Decision after(Decision earlier) {
    return new Decision(
        client, redirectUri, both(scopes, earlier.scopes), resources, upstreams, at);
  }

  /** A set of scopes has a bound, which many approvals together may pass: the rest is left out. */
  static Scopes both(Scopes one, Scopes other) {
    return Scopes.of(
        Stream.concat(one.names().stream(), other.names().stream())
            .distinct()
            .limit(Scopes.MAX_COUNT)
            .toList());
  }

  private boolean uses(Map<String, Scopes> asked) {
    return asked.entrySet().stream()
        .allMatch(
            entry ->
                upstreams.containsKey(entry.getKey())
                    && upstreams.get(entry.getKey()).covers(entry.getValue()));
  }

  JsonObject toJson() {
    var used = new JsonObject();
    new TreeMap<>(upstreams).forEach((upstream, granted) -> used.put(upstream, granted.wire()));
    return new JsonObject()
        .put("client", client.toJson())
        .put("redirect_uri", redirectUri)
        .put("scope", scopes.wire())
        .put("resources", resources)
        .put("upstreams", used)
        .put("at", at.toEpochMilli());
  }

  static Decision fromJson(JsonObject json) {
    var used = json.getJsonObject("upstreams");
    return new Decision(
        NamedClient.fromJson(json.getJsonObject("client")),
        json.getString("redirect_uri"),
        Scopes.parse(json.getString("scope")),
        json.getJsonArray("resources").stream().map(String.class::cast).toList(),
        used.fieldNames().stream()
            .collect(Collectors.toMap(name -> name, name -> Scopes.parse(used.getString(name)))),
        Instant.ofEpochMilli(json.getLong("at")));
  }

  /**
   * What a decision is looked for by.
   *
   * @param redirectUri as the client has registered it
   * @param upstreams by name, with the scopes that would be used there
   */
  public record Subject(
      String clientId, String redirectUri, Set<String> resources, Map<String, Scopes> upstreams) {
    public Subject {
      resources = Set.copyOf(resources);
      upstreams = Map.copyOf(upstreams);
    }
  }
}
