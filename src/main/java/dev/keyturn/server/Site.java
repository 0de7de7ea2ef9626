package dev.keyturn.server;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * What is ours of an application's paths, by one configuration.
 *
 * <p>A path in disguise leads to no endpoint, so it is the application's. The gateway refuses what
 * two could read differently; so whatever is one of its paths in either reading is its own.
 */
final class Site {
  private final Wiring wiring;
  private final Router router;
  private final List<String[]> endpoints;

  Site(Wiring wiring, Router router) {
    this.wiring = wiring;
    this.router = router;
    this.endpoints =
        wiring.endpoints().stream()
            .flatMap(endpoint -> endpoint.routes().stream())
            .flatMap(route -> route.paths().stream())
            .map(Site::segments)
            .toList();
  }

  boolean isOf(Wiring newest) {
    return wiring == newest;
  }

  Router router() {
    return router;
  }

  /** Whether a request is answered here, be it by a refusal. */
  boolean answers(RoutingContext context) {
    var sent = context.request().path();
    var read = context.normalizedPath();
    return sent != null
        && (serves(sent) || serves(read) || (sent.equals(read) && isEndpoint(segments(sent))));
  }

  private boolean isEndpoint(String[] path) {
    return endpoints.stream().anyMatch(endpoint -> matches(endpoint, path));
  }

  private boolean serves(String path) {
    return wiring.inForce().config().backends().stream().anyMatch(backend -> backend.serves(path));
  }

  private static boolean matches(String[] pattern, String[] path) {
    var fits = pattern.length == path.length;
    for (var i = 0; fits && i < path.length; i++) {
      fits = pattern[i].startsWith(":") ? !path[i].isEmpty() : pattern[i].equals(path[i]);
    }
    return fits;
  }

  private static String[] segments(String path) {
    return path.split("/", -1);
  }
}
