package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and a server, and loses what it is told to lose. */
public final class CutProxy {
  private final Vertx vertx;
  private final NetServer server;
  private final NetClient client;
  private final int target;
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile String request = "";
  private volatile String answered = "";
  private volatile boolean hangs;
  private volatile long delay;

  private CutProxy(Vertx vertx, int target) {
    this.vertx = vertx;
    this.target = target;
    this.client = vertx.createNetClient();
    this.server =
        done(vertx.createNetServer().connectHandler(this::connect).listen(0, "127.0.0.1"));
  }

  /** One before a port of this machine. */
  public static CutProxy before(Vertx vertx, int target) {
    return new CutProxy(vertx, target);
  }

  public int port() {
    return server.actualPort();
  }

  /** How many connections there were. */
  public int connections() {
    return connections.get();
  }

  /** The next request with that text reaches the server; its answer is lost, and the connection. */
  public void loseAnswerTo(String text) {
    answered = text;
  }

  /** The next request with that text is lost, and the connection. */
  public void loseRequest(String text) {
    request = text;
  }

  /** Whether nothing gets through in either direction. */
  public void hang(boolean whether) {
    hangs = whether;
  }

  /** How long everything takes on its way to the server. */
  public void delay(long millis) {
    delay = millis;
  }

  /** Ends every connection. */
  public void cut() {
    open.forEach(NetSocket::close);
  }

  private void connect(NetSocket from) {
    connections.incrementAndGet();
    open.add(from);
    from.pause();
    from.closeHandler(end -> open.remove(from));
    client
        .connect(target, "127.0.0.1")
        .onFailure(away -> from.close())
        .onSuccess(to -> new Pair(from, to).join());
  }

  private final class Pair {
    private final NetSocket from;
    private final NetSocket to;
    private boolean losing;

    Pair(NetSocket from, NetSocket to) {
      this.from = from;
      this.to = to;
    }

    void join() {
      from.handler(this::ask);
      to.handler(this::answer);
      from.closeHandler(
          end -> {
            open.remove(from);
            to.close();
          });
      to.closeHandler(end -> from.close());
      from.resume();
    }

    private void ask(Buffer data) {
      if (hangs) {
        return;
      }
      var text = data.toString("ISO-8859-1");
      if (!request.isEmpty() && text.contains(request)) {
        request = "";
        from.close();
        return;
      }
      if (!answered.isEmpty() && text.contains(answered)) {
        answered = "";
        losing = true;
      }
      if (delay > 0) {
        vertx.setTimer(delay, due -> to.write(data));
      } else {
        to.write(data);
      }
    }

    private void answer(Buffer data) {
      if (losing) {
        from.close();
      } else if (!hangs) {
        from.write(data);
      }
    }
  }
}
