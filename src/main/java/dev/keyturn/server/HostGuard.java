package dev.keyturn.server;

import dev.keyturn.http.SecurityHeaders;
import dev.keyturn.oauth.Loopback;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses requests for a host that this server is not, when it is bound to loopback.
 *
 * <p>A web page can make its own name resolve to this machine and then talk to us as if we were its
 * own site; its requests still carry that name.
 *
 * <p>A request that names two hosts, or none, is refused wherever the server is bound: whoever is
 * in front of us may have gone by the other one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, section 3.2</a>
 */
final class HostGuard implements Handler<RoutingContext> {
  private final boolean guards;
  private final Set<String> known = new HashSet<>();

  /**
   * @param bound the address that the server listens on
   * @param names hosts by which it is known besides localhost
   */
  HostGuard(String bound, Collection<String> names) {
    this.guards = Loopback.isLoopback(bound.toLowerCase(Locale.ROOT));
    names.forEach(name -> known.add(name.toLowerCase(Locale.ROOT)));
    known.add(bound.toLowerCase(Locale.ROOT));
    known.addAll(Set.of("localhost", "127.0.0.1", "[::1]", "::1"));
  }

  @Override
  public void handle(RoutingContext context) {
    if (!refuses(context.request())) {
      context.next();
    }
  }

  /** Refuses what names two hosts, or none, which vertx-web takes for a fault of ours. */
  static boolean refusesUnnamed(HttpServerRequest request) {
    if (request.authority() != null && request.headers().getAll("Host").size() <= 1) {
      return false;
    }
    end(request, 400, "A request names the one host that it is for.");
    return true;
  }

  /** Whether the request was refused, and so is answered. */
  boolean refuses(HttpServerRequest request) {
    var authority = request.authority();
    var mayBeUnnamed = authority == null && request.version() == HttpVersion.HTTP_1_0;
    if (!mayBeUnnamed && refusesUnnamed(request)) {
      return true;
    }
    var host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
    if (guards && !known.contains(host)) {
      end(request, 421, "This server is not known by that name.");
      return true;
    }
    return false;
  }

  private static void end(HttpServerRequest request, int status, String text) {
    SecurityHeaders.ofNoPage(request.response());
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(text + "\n");
  }
}
