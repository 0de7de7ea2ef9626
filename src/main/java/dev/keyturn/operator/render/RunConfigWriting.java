package dev.keyturn.operator.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.Metadata;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.api.Storage;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes one run configuration: what the config says, what follows from it, and the backends. */
final class RunConfigWriting {
  private static final String EMBEDDED = "spec.embeddedAuthServer";
  private static final String CALLBACK = "/oauth/callback";
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final int SENTINEL_PORT = 26_379;

  private final ExternalAuthConfig config;
  private final EmbeddedAuthServer embedded;
  private final String issuer;
  private final ObjectNode document = JsonNodeFactory.instance.objectNode();
  private final Writing writing = new Writing();
  private final BackendWriting backends;
  private final ClientWriting clients;
  private final Map<String, Place> origins = new HashMap<>();

  RunConfigWriting(ExternalAuthConfig config, EmbeddedAuthServer embedded, String issuer) {
    this.config = config;
    this.embedded = embedded;
    this.issuer = issuer;
    this.backends = new BackendWriting(config, embedded);
    this.clients = new ClientWriting(Place.of(config, EMBEDDED));
  }

  RunConfigWriting write(List<Served> servers) {
    document.put("issuer", issuer);
    document
        .putObject("server")
        .put("host", EVERY_ADDRESS)
        .put("port", RestartHash.PORT)
        .put("management_host", EVERY_ADDRESS)
        .put("management_port", RestartHash.MANAGEMENT_PORT);
    writing.write(
        new Resources().write(embedded), Fields.EMBEDDED, Place.of(config, EMBEDDED), document);
    storage();
    callbacks(document.path("upstreams"));
    servers.forEach(backends::write);
    origins.putAll(backends.origins());
    origins.put("", Place.of(config, EMBEDDED));
    if (embedded.issuer().isEmpty()) {
      origins.put("issuer", Place.of(servers.get(0).server(), "spec.resourceUrl"));
    }
    if (!backends.scopes().isEmpty()) {
      var scopes = document.putArray("scopes_supported");
      backends.scopes().forEach(scopes::add);
    }
    clients.reduce(document, servers.stream().map(Served::resource).toList(), backends.scopes());
    origins.putAll(clients.origins());
    document.putObject("gateway").set("backends", backends.written());
    return this;
  }

  JsonNode document() {
    return document;
  }

  /** Where settings are written from that the config's own table does not know. */
  Map<String, Place> origins() {
    return origins;
  }

  Set<Mount> mounts() {
    return writing.mounts();
  }

  List<Remark> remarks() {
    return Stream.of(writing.remarks(), clients.remarks()).flatMap(List::stream).toList();
  }

  /** What must be registered at the providers. */
  Set<String> redirectUris() {
    var uris = new LinkedHashSet<String>();
    document.findValuesAsText("redirect_uri").forEach(uris::add);
    return uris;
  }

  /** Where providers send browsers back to: the first to the root, each other to its own name. */
  private void callbacks(JsonNode upstreams) {
    for (int i = 0; i < upstreams.size(); i++) {
      var name = upstreams.get(i).path("name").asText();
      callback(upstreams.get(i), i == 0 ? CALLBACK : CALLBACK + "/" + name);
    }
  }

  private void callback(JsonNode upstream, String path) {
    for (var part : List.of("oidc_config", "oauth2_config")) {
      if (upstream.path(part) instanceof ObjectNode client && !client.has("redirect_uri")) {
        var site = embedded.authorizationEndpointBaseUrl().orElse(issuer);
        if (Issuer.complaintAbout(site).isEmpty()) {
          client.put("redirect_uri", site + path);
        }
      }
    }
  }

  private void storage() {
    var storage = document.withObjectProperty("storage");
    var kept = embedded.storage();
    if (!storage.has("type")) {
      storage.put("type", "memory");
    }
    if (kept.filter(some -> some.type() == Storage.Type.FILE).isPresent()) {
      storage.putObject("file_config").put("path", Mount.DATA);
    }
    if (storage.path("redis_config") instanceof ObjectNode redis) {
      redis.put("key_prefix", "keyturn:" + namespace() + ":" + config.metadata().name() + ":");
      kept.flatMap(Storage::redis)
          .flatMap(Storage.Redis::sentinelConfig)
          .flatMap(Storage.Sentinel::sentinelService)
          .ifPresent(service -> sentinels(redis, service));
    }
  }

  private void sentinels(ObjectNode redis, Storage.SentinelService service) {
    redis
        .withObjectProperty("sentinel_config")
        .withArrayProperty("sentinel_addrs")
        .add(
            "%s.%s.svc:%d"
                .formatted(
                    service.name(),
                    service.namespace().orElse(namespace()),
                    service.port().orElse(SENTINEL_PORT)));
  }

  private String namespace() {
    Metadata metadata = config.metadata();
    return metadata.namespace().orElse("default");
  }
}
