package dev.keyturn.given;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on loopback that knows {@code CONNECT} and nothing else, and where hosts are. */
public final class ConnectProxy {
  /** What was asked for, as {@code host:port}. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /** Whose word is taken; empty: everybody's. */
  public volatile String login = "";

  /** The status of what it does not let through. */
  public volatile int refusal;

  private final Map<String, Integer> places = new ConcurrentHashMap<>();
  private final NetClient client;
  private final NetServer server;

  private ConnectProxy(Vertx vertx) {
    this.client = vertx.createNetClient();
    this.server =
        Outcome.of(vertx.createNetServer().connectHandler(this::accept).listen(0, "127.0.0.1"));
  }

  public static ConnectProxy start(Vertx vertx) {
    return new ConnectProxy(vertx);
  }

  /** A host that nobody else knows is at that port of this machine. */
  public ConnectProxy knows(String host, int port) {
    places.put(host, port);
    return this;
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  private void accept(NetSocket socket) {
    var head = Buffer.buffer();
    socket.handler(
        chunk -> {
          head.appendBuffer(chunk);
          if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            socket.pause();
            serve(socket, head.toString(StandardCharsets.ISO_8859_1));
          }
        });
  }

  private void serve(NetSocket socket, String head) {
    var target = head.split(" ", 3)[1];
    asked.add(target);
    var expected =
        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    if (!login.isEmpty()
        && !head.toLowerCase(java.util.Locale.ROOT)
            .contains(("proxy-authorization: " + expected).toLowerCase(java.util.Locale.ROOT))) {
      refuse(socket, 407);
    } else if (refusal > 0 || !places.containsKey(target.split(":", 2)[0])) {
      refuse(socket, refusal > 0 ? refusal : 502);
    } else {
      connect(socket, places.get(target.split(":", 2)[0]));
    }
  }

  private static void refuse(NetSocket socket, int status) {
    socket.end(Buffer.buffer("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n"));
  }

  private void connect(NetSocket socket, int port) {
    client
        .connect(port, "127.0.0.1")
        .compose(
            far -> {
              far.pause();
              return socket
                  .write("HTTP/1.1 200 Connected\r\n\r\n")
                  .compose(written -> join(socket, far));
            });
  }

  private static Future<Void> join(NetSocket near, NetSocket far) {
    near.pipeTo(far);
    far.pipeTo(near);
    return Future.succeededFuture();
  }
}
