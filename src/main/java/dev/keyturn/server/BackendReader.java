package dev.keyturn.server;

import dev.keyturn.config.Settings;
import dev.keyturn.gateway.Backend;
import dev.keyturn.gateway.Backends;
import dev.keyturn.gateway.Outgoing;
import dev.keyturn.gateway.Unauthenticated;
import dev.keyturn.gateway.UpstreamInject;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the mapping {@code gateway}: the MCP servers that we stand in front of. */
final class BackendReader {
  private static final String INJECT = "upstreamInject";
  private static final String STRIP = "unauthenticated";
  private static final Set<String> LATER =
      Set.of("tokenExchange", "headerInjection", "bearerToken", "xaa", "awsSts");

  private final Settings settings;
  private final Optional<Issuer> issuer;
  private final Optional<String> upstream;
  private final boolean strip;
  private final List<String> endpoints;
  private final Map<String, String> taken = new HashMap<>();

  /**
   * @param endpoints the paths of our own endpoints
   * @param upstream the name of the upstream whose token is injected where nothing else is said
   */
  BackendReader(
      Settings settings,
      Optional<Issuer> issuer,
      List<String> endpoints,
      Optional<String> upstream) {
    this.settings = settings;
    this.issuer = issuer;
    this.endpoints = endpoints;
    this.upstream = upstream;
    this.strip = settings.flag("disable_upstream_token_injection", false);
  }

  List<Backend> read() {
    return settings.child("gateway").list("backends", this::backend);
  }

  private Optional<Backend> backend(Settings backend) {
    var path = backend.required("path");
    var url = backend.requiredUrl("url");
    var resource = resource(backend, path);
    var scopes = GrantingReader.scopes(backend, "scopes").orElse(Scopes.NONE);
    var outgoing = outgoing(backend.child("outgoing"));
    var read =
        backend.build(
            () ->
                new Backend(
                    path, resource, url, scopes, List.of(resource), outgoing.orElseThrow()));
    read.ifPresent(made -> refuseTaken(backend, made));
    return read;
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
    claim(backend, "resource", made.asResource().metadataPath());
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
    var text = backend.text("resource", origin + path);
    if (ResourceIndicator.isValid(text)) {
      return new ResourceIndicator(text);
    }
    backend.refuse("resource", "must be an absolute URL without a fragment");
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
    var provider = outgoing.text("provider").or(() -> upstream).orElse("default");
    var header = outgoing.text("header", UpstreamInject.AUTHORIZATION);
    if (strip) {
      outgoing.refuse("type", "contradicts disable_upstream_token_injection");
    }
    if (upstream.isPresent() && !upstream.get().equals(provider)) {
      outgoing.refuse("provider", "names no upstream: there is " + upstream.get());
    }
    return outgoing.build(() -> new UpstreamInject(provider, header));
  }
}
