package dev.keyturn.client;

import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client publishes about itself at the URL that is its {@code client_id}, as far as it
 * counts here.
 *
 * @param logout where it and its people go when a login ends
 * @param keys by which it signs assertions; empty: it is a public client
 */
record ClientDocument(
    String id,
    ClientName name,
    List<RedirectUri> redirectUris,
    Set<String> grantTypes,
    Optional<ClientKeys> keys,
    LogoutUris logout) {
  ClientDocument {
    redirectUris = List.copyOf(redirectUris);
    grantTypes = Set.copyOf(grantTypes);
  }

  Authentication.Method method() {
    return authentication().method();
  }

  /** The client; an empty {@code ceiling} is none. */
  Client client(Scopes ceiling) {
    return new Client(
        id,
        Client.Kind.METADATA_DOCUMENT,
        name,
        redirectUris,
        grantTypes,
        Optional.of(ceiling).filter(scopes -> !scopes.isEmpty()),
        List.of(),
        authentication(),
        logout);
  }

  private Authentication authentication() {
    return keys.map(own -> Authentication.byKeys(own, true)).orElse(Authentication.PUBLIC);
  }

  JsonObject toJson() {
    var json = keys.map(ClientKeys::toJson).orElseGet(JsonObject::new);
    logout.backchannel().ifPresent(uri -> json.put(LogoutUris.BACKCHANNEL, uri.toString()));
    return json.put(LogoutUris.AFTERWARDS, new JsonArray(logout.afterwards()))
        .put("client_id", id)
        .put("client_name", name.plain())
        .put("names", new JsonObject(new LinkedHashMap<>(name.local())))
        .put("redirect_uris", new JsonArray(redirectUris.stream().map(RedirectUri::value).toList()))
        .put("grant_types", new JsonArray(List.copyOf(new TreeSet<>(grantTypes))));
  }

  static ClientDocument fromJson(JsonObject json) {
    var names = new LinkedHashMap<String, String>();
    json.getJsonObject("names").forEach(name -> names.put(name.getKey(), (String) name.getValue()));
    return new ClientDocument(
        json.getString("client_id"),
        new ClientName(json.getString("client_name"), Map.copyOf(names)),
        texts(json, "redirect_uris").stream().map(RedirectUri::new).toList(),
        Set.copyOf(texts(json, "grant_types")),
        ClientKeys.fromJson(json),
        new LogoutUris(
            texts(json, LogoutUris.AFTERWARDS),
            Optional.ofNullable(json.getString(LogoutUris.BACKCHANNEL)).map(URI::create)));
  }

  private static List<String> texts(JsonObject json, String name) {
    return json.getJsonArray(name, new JsonArray()).stream().map(String.class::cast).toList();
  }
}
