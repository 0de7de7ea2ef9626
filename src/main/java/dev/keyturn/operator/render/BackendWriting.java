package dev.keyturn.operator.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.ExternalAuthSpec;
import dev.keyturn.operator.api.Resources;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Writes the backends of the gateway, one for each server, and notes where each came from. */
final class BackendWriting {
  private static final String SCOPES = "spec.embeddedAuthServer.scopesSupported";

  private final ExternalAuthConfig config;
  private final EmbeddedAuthServer embedded;
  private final ArrayNode backends = JsonNodeFactory.instance.arrayNode();
  private final Map<String, Place> origins = new LinkedHashMap<>();
  private final Set<String> scopes = new LinkedHashSet<>();
  private final Resources resources = new Resources();

  BackendWriting(ExternalAuthConfig config, EmbeddedAuthServer embedded) {
    this.config = config;
    this.embedded = embedded;
  }

  /** What was written. */
  ArrayNode written() {
    return backends;
  }

  /** Where each setting was written from. */
  Map<String, Place> origins() {
    return origins;
  }

  /** The scopes of all servers together. */
  Set<String> scopes() {
    return scopes;
  }

  void write(Served served) {
    var setting = "gateway.backends[" + backends.size() + "]";
    var backend = backends.addObject();
    var resource = Place.of(served.server(), "spec.resourceUrl");
    origins.put(setting, Place.of(served.server(), "spec"));
    origins.put(setting + ".path", resource);
    origins.put(setting + ".resource", resource);
    origins.put(setting + ".url", served.urlPlace());
    backend.put("path", served.path()).put("resource", served.resource());
    backend.put("url", served.url());
    audiences(served, backend, setting);
    scopes(served, backend, setting);
    served.outgoing().ifPresent(outgoing -> outgoing(outgoing, backend, setting));
  }

  private void audiences(Served served, ObjectNode backend, String setting) {
    served
        .stated()
        .audience()
        .filter(audience -> !audience.equals(served.resource()))
        .ifPresent(audience -> backend.putArray("audiences").add(audience));
    origins.put(setting + ".audiences", served.place().at(".audience"));
  }

  private void scopes(Served served, ObjectNode backend, String setting) {
    var own = served.stated().scopes();
    var required = own.isEmpty() ? embedded.scopesSupported() : own;
    scopes.addAll(required);
    if (!required.isEmpty()) {
      var list = backend.putArray("scopes");
      required.forEach(list::add);
    }
    origins.put(
        setting + ".scopes",
        own.isEmpty() ? Place.of(config, SCOPES) : served.place().at(".scopes"));
  }

  private void outgoing(ExternalAuthConfig outgoing, ObjectNode backend, String setting) {
    var type = outgoing.spec().type();
    var written = backend.putObject("outgoing");
    written.put("type", resources.write(type).asText());
    origins.put(setting + ".outgoing", Place.of(outgoing, "spec.type"));
    if (type == ExternalAuthSpec.Type.UPSTREAM_INJECT) {
      outgoing
          .spec()
          .upstreamInject()
          .ifPresent(
              inject -> {
                written.put("provider", inject.providerName());
                inject.headerName().ifPresent(header -> written.put("header", header));
              });
      var place = Place.of(outgoing, "spec.upstreamInject");
      origins.put(setting + ".outgoing.provider", place.at(".providerName"));
      origins.put(setting + ".outgoing.header", place.at(".headerName"));
    }
  }
}
