package dev.keyturn.given;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers whose own address stands in their configuration, and which start later.
 *
 * <p>They lie below those that systems hand out: a port of that range could become anybody's end of
 * a connection before the server has started. Nor are they among those that browsers refuse.
 */
public final class FreePorts {
  private static final int LEAST = 11_000;
  private static final int MOST = 32_000;
  private static final int ATTEMPTS = 1_000;

  private FreePorts() {}

  /** A port that nobody listens on at this moment, another one each time. */
  public static int next() {
    return ThreadLocalRandom.current()
        .ints(ATTEMPTS, LEAST, MOST)
        .filter(FreePorts::isFree)
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no free port"));
  }

  private static boolean isFree(int port) {
    try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort() == port;
    } catch (IOException taken) {
      return false;
    }
  }
}
