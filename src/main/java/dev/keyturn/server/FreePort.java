package dev.keyturn.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A port at which nobody listens yet.
 *
 * <p>Vert.x shares a port among all servers of one Vert.x, so without this question a second server
 * at the same port would start, and each would be given half of the other's requests.
 */
final class FreePort {
  private FreePort() {}

  /** The port, or any free one for 0; fails with a {@code BindException} if somebody has it. */
  static Future<Integer> find(Vertx vertx, String host, int port) {
    return vertx.executeBlocking(
        () -> {
          try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
            return probe.getLocalPort();
          }
        },
        false);
  }
}
