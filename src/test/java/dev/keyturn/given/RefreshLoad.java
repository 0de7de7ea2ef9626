package dev.keyturn.given;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Logins whose refresh tokens rotate as fast as they can, until the server is gone. A request that
 * is cut off is repeated afterwards with the same token, as an honest client would.
 */
public final class RefreshLoad {
  private final McpClient client;
  private final List<Login> logins = new ArrayList<>();
  private final ExecutorService threads;
  private final List<Future<?>> running = new ArrayList<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger cutOff = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();

  private RefreshLoad(McpClient client, int logins) {
    this.client = client;
    this.threads = Executors.newFixedThreadPool(logins);
  }

  /** So many logins, each by the tokens that {@code connect} gives. */
  public static RefreshLoad of(McpClient client, int logins, Supplier<Answer> connect) {
    var load = new RefreshLoad(client, logins);
    for (int i = 0; i < logins; i++) {
      load.logins.add(load.new Login(connect.get().text("refresh_token")));
    }
    return load;
  }

  /** Goes on until the server is gone. */
  public void go() {
    logins.forEach(login -> running.add(threads.submit(login::goOn)));
  }

  /** Waits until everybody has noticed that the server is gone. */
  public void pause() {
    for (var one : running) {
      try {
        one.get(Patience.SECONDS, Patience.UNIT);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
    running.clear();
  }

  /** Has everybody repeat what was cut off, or refresh once more. */
  public void checkAll() {
    logins.forEach(Login::refresh);
  }

  public void stop() {
    threads.shutdown();
  }

  /** How many refreshes were answered with tokens. */
  public int acknowledged() {
    return acknowledged.get();
  }

  /** How many requests found no server, or lost it. */
  public int cutOff() {
    return cutOff.get();
  }

  /** How many were refused, although their token was the newest that they were given. */
  public int lost() {
    return lost.get();
  }

  private final class Login {
    private String token;

    Login(String token) {
      this.token = token;
    }

    void goOn() {
      var there = true;
      while (there) {
        try {
          refresh();
        } catch (AssertionError e) {
          cutOff.incrementAndGet();
          there = false;
        }
      }
    }

    /** Tells by an {@link AssertionError} that there is no server. */
    void refresh() {
      var answer = client.refresh(token);
      if (answer.status() == 200) {
        token = answer.text("refresh_token");
        acknowledged.incrementAndGet();
      } else if (answer.status() != 503) {
        lost.incrementAndGet();
      }
    }
  }
}
