package dev.keyturn.server;

import dev.keyturn.config.Settings;
import dev.keyturn.gateway.Audience;
import dev.keyturn.gateway.Backend;
import dev.keyturn.gateway.Backends;
import dev.keyturn.gateway.Outgoing;
import dev.keyturn.gateway.Unauthenticated;
import dev.keyturn.gateway.UpstreamInject;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the mapping {@code gateway}: the MCP servers that we stand in front of. */
final class BackendReader {
  private static final String INJECT = "upstreamInject";
  private static final String STRIP = "unauthenticated";
  private static final String RESOURCE = "resource";
  private static final int MAX_AUDIENCES = 20;
  private static final Set<String> LATER =
      Set.of("tokenExchange", "headerInjection", "bearerToken", "xaa", "awsSts");

  private final Settings settings;
  private final Optional<Issuer> issuer;
  private final List<String> upstreams;
  private final boolean strip;
  private final List<String> endpoints;
  private final Map<String, String> taken = new HashMap<>();
  private final Map<Audience, String> accepted = new LinkedHashMap<>();

  /**
   * @param endpoints the paths of our own endpoints
   * @param upstreams their names; the first one's token is injected where nothing else is said
   */
  BackendReader(
      Settings settings, Optional<Issuer> issuer, List<String> endpoints, List<String> upstreams) {
    this.settings = settings;
    this.issuer = issuer;
    this.endpoints = endpoints;
    this.upstreams = List.copyOf(upstreams);
    this.strip = settings.flag("disable_upstream_token_injection", false);
  }

  List<Backend> read() {
    return settings.child("gateway").list("backends", this::backend);
  }

  private Optional<Backend> backend(Settings backend) {
    var path = backend.required("path");
    var url = backend.requiredUrl("url");
    var resource = resource(backend, path);
    var audiences = audiences(backend, resource);
    var scopes = GrantingReader.scopes(backend, "scopes").orElse(Scopes.NONE);
    var outgoing = outgoing(backend.child("outgoing"));
    var read =
        backend.build(
            () -> new Backend(path, resource, url, scopes, audiences, outgoing.orElseThrow()));
    read.ifPresent(made -> refuseTaken(backend, made));
    return read;
  }

  /**
   * Its identifier, and the further names; of two backends none is known by a name of the other.
   */
  private List<Audience> audiences(Settings backend, ResourceIndicator resource) {
    var further = backend.texts("audiences");
    var own = new ArrayList<Audience>(List.of(Audience.of(resource)));
    if (further.size() > MAX_AUDIENCES) {
      backend.refuse("audiences", "must be at most " + MAX_AUDIENCES);
      return own;
    }
    refuseShared(backend, RESOURCE, resource.value());
    for (int i = 0; i < further.size(); i++) {
      var field = "audiences[" + i + "]";
      if (Audience.isValid(further.get(i))) {
        refuseShared(backend, field, further.get(i));
        own.add(new Audience(further.get(i)));
      } else {
        backend.refuse(field, "must be at most 2048 visible ASCII characters without blanks");
      }
    }
    accepted.putIfAbsent(own.get(0), backend.name(RESOURCE));
    own.forEach(audience -> accepted.putIfAbsent(audience, backend.name("audiences")));
    return own;
  }

  /** A token for one server must not open another; that of two resources is told elsewhere. */
  private void refuseShared(Settings backend, String field, String value) {
    accepted.entrySet().stream()
        .filter(other -> !(field.equals(RESOURCE) && other.getValue().endsWith(RESOURCE)))
        .filter(other -> other.getKey().is(value))
        .findFirst()
        .ifPresent(
            other -> backend.refuse(field, "is accepted by another backend: " + other.getValue()));
  }

  private void refuseTaken(Settings backend, Backend made) {
    endpoints.stream()
        .filter(endpoint -> Backends.isUnder(made.path(), endpoint))
        .findFirst()
        .ifPresent(
            endpoint ->
                backend.refuse(
                    "path", "is that of our endpoint " + endpoint + " or lies under it"));
    claim(backend, "path", made.path());
    claim(backend, RESOURCE, made.asResource().metadataPath());
  }

  private void claim(Settings backend, String field, String path) {
    var other = taken.putIfAbsent(field + " " + path, backend.name(field));
    if (other != null) {
      backend.refuse(field, "has the same path as " + other);
    }
  }

  /** The configured identifier, else the path at the issuer's origin. */
  private ResourceIndicator resource(Settings backend, String path) {
    var origin = issuer.map(Issuer::origin).orElse("https://invalid.example");
    var text = backend.text(RESOURCE, origin + path);
    if (ResourceIndicator.isValid(text)) {
      return new ResourceIndicator(text);
    }
    backend.refuse(RESOURCE, "must be an absolute URL without a fragment");
    return new ResourceIndicator("https://invalid.example");
  }

  private Optional<Outgoing> outgoing(Settings outgoing) {
    var type = outgoing.text("type", strip ? STRIP : INJECT);
    if (LATER.contains(type)) {
      outgoing.refuse("type", type + " is not supported yet");
      return Optional.empty();
    }
    return switch (type) {
      case STRIP -> Optional.of(new Unauthenticated());
      case INJECT -> inject(outgoing);
      default -> {
        outgoing.refuse("type", "must be one of " + INJECT + ", " + STRIP);
        yield Optional.empty();
      }
    };
  }

  private Optional<Outgoing> inject(Settings outgoing) {
    var first = upstreams.stream().findFirst();
    var provider = outgoing.text("provider").or(() -> first).orElse("default");
    var header = outgoing.text("header", UpstreamInject.AUTHORIZATION);
    if (strip) {
      outgoing.refuse("type", "contradicts disable_upstream_token_injection");
    }
    if (first.isPresent() && !upstreams.contains(provider)) {
      outgoing.refuse("provider", "names no upstream: there is " + String.join(", ", upstreams));
    }
    return outgoing.build(() -> new UpstreamInject(provider, header));
  }
}
