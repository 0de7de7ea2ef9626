package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Route;
import dev.keyturn.operator.render.Names;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How requests from outside come to a server's Keyturn: an HTTPRoute or an Ingress, as the server
 * asks for it. Nothing is rewritten, since paths are part of identifiers.
 *
 * <p>The paths of the issuer, such as those of the login, are in the HTTPRoute of each server at
 * its host. Of Ingresses one alone has them: controllers refuse a path that another Ingress has.
 */
public final class RouteObjects {
  private static final String WELL_KNOWN = "/.well-known/";
  private static final List<String> METADATA =
      List.of("oauth-authorization-server", "openid-configuration");
  private static final int PORT = 80;

  private RouteObjects() {}

  /**
   * What is made for {@code server} behind the Keyturn of that name and issuer.
   *
   * @param siblings the servers with a route to that Keyturn; the first one that can has the paths
   *     of the issuer
   */
  public static Optional<Made> of(
      McpServer server, String keyturn, String issuer, List<McpServer> siblings) {
    var paths = Paths.of(URI.create(server.spec().resourceUrl()));
    if (isAt(server, issuer) && (!isIngress(server) || isFirst(server, issuer, siblings))) {
      paths.issuer(URI.create(issuer));
    }
    return server.spec().route().map(route -> made(server, route, keyturn, paths));
  }

  /** Of those whose Ingress goes to the same controller and the same host. */
  private static boolean isFirst(McpServer server, String issuer, List<McpServer> siblings) {
    return siblings.stream()
        .filter(one -> isIngress(one) && isAt(one, issuer))
        .filter(one -> className(one).equals(className(server)))
        .findFirst()
        .filter(one -> one.metadata().name().equals(server.metadata().name()))
        .isPresent();
  }

  private static boolean isIngress(McpServer server) {
    return server.spec().route().filter(route -> route.type() == Route.Type.INGRESS).isPresent();
  }

  private static Optional<String> className(McpServer server) {
    return server.spec().route().flatMap(Route::ingress).flatMap(Route.Ingress::className);
  }

  /** Whether requests for both come to the same host and port, however those are spelled. */
  private static boolean isAt(McpServer server, String issuer) {
    var resource = URI.create(server.spec().resourceUrl());
    var ours = URI.create(issuer);
    return host(resource).equals(host(ours)) && port(resource) == port(ours);
  }

  private static String host(URI uri) {
    return String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private static Made made(McpServer server, Route route, String keyturn, Paths paths) {
    var sheet = new Sheet(Owner.of(server), KeyturnObjects.labels(keyturn));
    var resource = URI.create(server.spec().resourceUrl());
    var name = Names.service(server.metadata().name());
    return Made.of(
        route.type() == Route.Type.GATEWAY
            ? httpRoute(sheet, name, route, resource, paths, keyturn)
            : ingress(sheet, name, route, resource, paths, keyturn));
  }

  private static ObjectNode httpRoute(
      Sheet sheet, String name, Route route, URI resource, Paths paths, String keyturn) {
    var object = sheet.object("gateway.networking.k8s.io/v1", "HTTPRoute", name);
    var spec = object.putObject("spec");
    var parent = spec.putArray("parentRefs").addObject();
    route
        .gateway()
        .ifPresent(
            gateway -> {
              parent.put("name", gateway.name());
              gateway.namespace().ifPresent(where -> parent.put("namespace", where));
              gateway.sectionName().ifPresent(section -> parent.put("sectionName", section));
            });
    spec.putArray("hostnames").add(host(resource));
    var rule = spec.putArray("rules").addObject();
    var matches = rule.putArray("matches");
    paths.exact.forEach(path -> match(matches.addObject(), "Exact", path));
    paths.prefixes.forEach(path -> match(matches.addObject(), "PathPrefix", path));
    // Streams of MCP stay open as long as somebody listens.
    rule.putObject("timeouts").put("request", "0s");
    rule.putArray("backendRefs").addObject().put("name", keyturn).put("port", PORT);
    return object;
  }

  private static void match(ObjectNode match, String type, String path) {
    match.putObject("path").put("type", type).put("value", path);
  }

  private static ObjectNode ingress(
      Sheet sheet, String name, Route route, URI resource, Paths paths, String keyturn) {
    var object = sheet.object("networking.k8s.io/v1", "Ingress", name);
    object
        .withObject("/metadata")
        .putObject("annotations")
        .put("nginx.ingress.kubernetes.io/proxy-buffering", "off")
        .put("nginx.ingress.kubernetes.io/proxy-read-timeout", "3600");
    var spec = object.putObject("spec");
    var how = route.ingress();
    how.flatMap(Route.Ingress::className).ifPresent(one -> spec.put("ingressClassName", one));
    how.flatMap(Route.Ingress::tlsSecretName)
        .ifPresent(
            secret -> {
              var tls = spec.putArray("tls").addObject();
              tls.putArray("hosts").add(host(resource));
              tls.put("secretName", secret);
            });
    var rule = spec.putArray("rules").addObject().put("host", host(resource));
    var list = rule.putObject("http").putArray("paths");
    paths.exact.forEach(path -> backend(list.addObject(), "Exact", path, keyturn));
    paths.prefixes.forEach(path -> backend(list.addObject(), "Prefix", path, keyturn));
    return object;
  }

  private static void backend(ObjectNode path, String type, String value, String keyturn) {
    path.put("path", value).put("pathType", type);
    path.putObject("backend")
        .putObject("service")
        .put("name", keyturn)
        .putObject("port")
        .put("name", "http");
  }

  /** What of a host belongs to a server and its issuer, and nothing else of it. */
  private record Paths(Set<String> exact, Set<String> prefixes) {
    static Paths of(URI resource) {
      var paths = new Paths(new LinkedHashSet<>(), new LinkedHashSet<>());
      var own = plain(resource);
      paths.exact.add(WELL_KNOWN + "oauth-protected-resource" + own);
      paths.prefixes.add(own.isEmpty() ? "/" : own);
      return paths;
    }

    private void issuer(URI issuer) {
      var base = plain(issuer);
      METADATA.forEach(
          document -> {
            exact.add(WELL_KNOWN + document + base);
            exact.add(base + WELL_KNOWN + document);
          });
      exact.add(base + WELL_KNOWN + "jwks.json");
      prefixes.add(base.isEmpty() ? "/oauth" : base);
    }

    private static String plain(URI uri) {
      return Optional.ofNullable(uri.getRawPath()).orElse("").replaceAll("/+$", "");
    }
  }
}
