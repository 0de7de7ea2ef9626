package dev.keyturn.server;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The connections of one event loop, of which those are closed on which nobody asks anything.
 *
 * <p>A client that sends the head of a request letter by letter, or keeps connections for later,
 * pays nothing for them, and each costs us memory and a file. An answer that is on its way, such as
 * an event stream without an event for an hour, is not idle.
 *
 * <p>Time is counted in ticks, so nothing is asked of a connection that works.
 */
final class Connections {
  static final Duration TICK = Duration.ofSeconds(5);

  /** Until the head of the first request is there: 30 s. */
  static final int FIRST = 6;

  /** Until the head of another request is there: 90 s. */
  static final int NEXT = 18;

  private final Map<HttpConnection, Guest> guests = new HashMap<>();

  void opened(HttpConnection connection) {
    guests.put(connection, new Guest());
    connection.closeHandler(closed -> guests.remove(connection));
  }

  void asked(HttpServerRequest request) {
    var guest = guests.get(request.connection());
    if (guest != null) {
      guest.asked(request.response());
    }
  }

  /** Closes what has been idle for too many of these. */
  void tick() {
    List.copyOf(guests.entrySet()).stream()
        .filter(guest -> guest.getValue().isTooIdle())
        .map(Map.Entry::getKey)
        .forEach(HttpConnection::close);
  }

  int size() {
    return guests.size();
  }

  /** What is known of one connection. */
  private static final class Guest {
    private final Set<HttpServerResponse> underWay = new HashSet<>();
    private int most = FIRST;
    private int idle;

    void asked(HttpServerResponse response) {
      forgetAnswered();
      underWay.add(response);
      most = NEXT;
      idle = 0;
    }

    boolean isTooIdle() {
      forgetAnswered();
      idle = underWay.isEmpty() ? idle + 1 : 0;
      return idle > most;
    }

    private void forgetAnswered() {
      underWay.removeIf(response -> response.ended() || response.closed());
    }
  }
}
