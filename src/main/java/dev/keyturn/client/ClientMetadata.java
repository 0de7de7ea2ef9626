package dev.keyturn.client;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a client says of itself when it registers, as far as it is kept.
 *
 * @param method how it will authenticate
 * @param applicationType {@code web} or {@code native}
 * @param scope a hint of what it will ask for, never a ceiling
 * @param keys by which it will sign, if that is how it authenticates
 * @param logout where it and its people go when a login ends
 * @param claims the members that are text, by their registered names, such as {@code client_name}
 *     and {@code client_name#fr}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591, section 2</a>
 */
public record ClientMetadata(
    List<RedirectUri> redirectUris,
    Set<String> grantTypes,
    Method method,
    String applicationType,
    Scopes scope,
    List<String> contacts,
    Optional<ClientKeys> keys,
    LogoutUris logout,
    Map<String, String> claims) {
  private static final String LOCAL_NAME = "client_name#";
  private static final String METHOD = "token_endpoint_auth_method";
  private static final Set<String> OTHER_TEXTS =
      Set.of(
          "application_type",
          "scope",
          METHOD,
          "jwks_uri",
          "token_endpoint_auth_signing_alg",
          LogoutUris.BACKCHANNEL);

  public ClientMetadata {
    redirectUris = List.copyOf(redirectUris);
    grantTypes = Collections.unmodifiableSet(new TreeSet<>(grantTypes));
    contacts = List.copyOf(contacts);
    claims = Collections.unmodifiableMap(new TreeMap<>(claims));
    if (keys.isPresent() != (method == Method.PRIVATE_KEY_JWT)) {
      throw new IllegalArgumentException("keys are for private_key_jwt, and it needs them");
    }
  }

  /** One of a client without keys. */
  public ClientMetadata(
      List<RedirectUri> redirectUris,
      Set<String> grantTypes,
      Method method,
      String applicationType,
      Scopes scope,
      List<String> contacts,
      Map<String, String> claims) {
    this(
        redirectUris,
        grantTypes,
        method,
        applicationType,
        scope,
        contacts,
        Optional.empty(),
        LogoutUris.NONE,
        claims);
  }

  /** Whether the client will prove who it is. */
  public boolean isConfidential() {
    return method != Method.NONE;
  }

  /** Whether it will do so by a secret that both sides know. */
  public boolean hasSecret() {
    return method.hasSecret();
  }

  /** The name for people; empty if there is none. */
  public String name() {
    return claims.getOrDefault("client_name", "");
  }

  /** The names for people in some languages, by language tags in lower case. */
  public Map<String, String> localNames() {
    var names = new TreeMap<String, String>();
    claims.forEach(
        (member, text) -> {
          if (member.startsWith(LOCAL_NAME)) {
            names.put(member.substring(LOCAL_NAME.length()).toLowerCase(Locale.ROOT), text);
          }
        });
    return names;
  }

  /**
   * The {@code client_id} of everybody who registers exactly this: the hash of the canonical JSON.
   *
   * <p>Identifiers that start with {@code u_} are not for clients, so such a hash is hashed again.
   */
  public String id() {
    var id = Digest.of(toJson().encode());
    while (id.startsWith("u_")) {
      id = Digest.of(id);
    }
    return id;
  }

  /** The canonical JSON: members in the order of their names, nothing empty, no blanks. */
  public JsonObject toJson() {
    var members = new TreeMap<String, Object>(claims);
    keys.ifPresent(own -> own.toJson().forEach(key -> members.put(key.getKey(), key.getValue())));
    members.put("redirect_uris", redirectUris.stream().map(RedirectUri::value).toList());
    members.put("grant_types", List.copyOf(grantTypes));
    members.put("response_types", List.of("code"));
    members.put(METHOD, method.wire());
    members.put("application_type", applicationType);
    if (!scope.isEmpty()) {
      members.put("scope", scope.wire());
    }
    if (!contacts.isEmpty()) {
      members.put("contacts", contacts);
    }
    if (!logout.afterwards().isEmpty()) {
      members.put(LogoutUris.AFTERWARDS, logout.afterwards());
    }
    logout.backchannel().ifPresent(uri -> members.put(LogoutUris.BACKCHANNEL, uri.toString()));
    var json = new JsonObject();
    members.forEach(
        (name, value) -> json.put(name, value instanceof List<?> l ? new JsonArray(l) : value));
    return json;
  }

  /** What {@link #toJson} wrote. */
  public static ClientMetadata fromJson(JsonObject json) {
    var claims = new TreeMap<String, String>();
    json.forEach(
        member -> {
          if (member.getValue() instanceof String text && !OTHER_TEXTS.contains(member.getKey())) {
            claims.put(member.getKey(), text);
          }
        });
    return new ClientMetadata(
        texts(json, "redirect_uris").stream().map(RedirectUri::new).toList(),
        Set.copyOf(texts(json, "grant_types")),
        Method.of(json.getString(METHOD)).orElseThrow(),
        json.getString("application_type"),
        Scopes.parse(json.getString("scope", "")),
        texts(json, "contacts"),
        ClientKeys.fromJson(json),
        new LogoutUris(
            texts(json, LogoutUris.AFTERWARDS),
            Optional.ofNullable(json.getString(LogoutUris.BACKCHANNEL)).map(URI::create)),
        claims);
  }

  private static List<String> texts(JsonObject json, String name) {
    return json.getJsonArray(name, new JsonArray()).stream().map(String.class::cast).toList();
  }
}
