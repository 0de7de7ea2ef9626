package dev.keyturn.server;

import dev.keyturn.http.SecurityHeaders;
import dev.keyturn.oauth.Loopback;
import io.vertx.core.Handler;
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
    var authority = context.request().authority();
    var host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
    if (guards && !known.contains(host)) {
      SecurityHeaders.ofNoPage(context.response());
      context
          .response()
          .setStatusCode(421)
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .end("This server is not known by that name.\n");
    } else {
      context.next();
    }
  }
}
