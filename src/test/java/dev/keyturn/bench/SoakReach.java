package dev.keyturn.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Patience;
import dev.keyturn.given.User;
import dev.keyturn.idp.Person;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** One client's way to the servers, of which it asks whichever it meets. */
record SoakReach(List<SoakServer> servers, List<McpClient> clients, SoakTally tally) {
  private static final int AWAY = 503;
  private static final int BROKEN = 500;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(30);

  /** The same client at each of them, registered at the first; many share one record. */
  static SoakReach registered(List<SoakServer> servers, int record, SoakTally tally) {
    var callback = "http://127.0.0.1:33418/callback-" + record;
    var first = McpClient.registered(servers.get(0), callback, servers.get(0).wire());
    var clients =
        servers.stream()
            .map(server -> new McpClient(server, first.id(), callback, server.wire()))
            .toList();
    return new SoakReach(servers, clients, tally);
  }

  /** What one of them answers; nothing if it is away. */
  Optional<Answer> ask(Function<McpClient, Answer> request) {
    try {
      var answer = request.apply(clients.get(any()));
      if (answer.status() < BROKEN) {
        return Optional.of(answer);
      }
      tally.count(answer.status() == AWAY ? SoakEvent.AWAY : SoakEvent.BROKEN, answer.status());
    } catch (AssertionError e) {
      tally.count(e.getCause() instanceof IOException ? SoakEvent.AWAY : SoakEvent.BROKEN, e);
    }
    return Optional.empty();
  }

  /** The same, however often it takes, within reason. */
  Answer insist(Function<McpClient, Answer> request) {
    var end = System.nanoTime() + Patience.LONG.toNanos();
    var answer = ask(request);
    while (answer.isEmpty()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("no server has answered for " + Patience.LONG);
      }
      LockSupport.parkNanos(PAUSE);
      answer = ask(request);
    }
    return answer.get();
  }

  /** The tokens of a login in a browser of its own; nothing if a server went away meanwhile. */
  Optional<Answer> logIn(Person person) {
    var index = any();
    var user = new User(new Browser(Clock.systemUTC(), servers.get(index).wire()), person);
    try {
      return Optional.of(clients.get(index).connect(user))
          .filter(answer -> answer.status() < BROKEN);
    } catch (AssertionError | RuntimeException e) {
      return Optional.empty(); // A page said so, or nobody was there: the person begins again.
    }
  }

  /**
   * Refreshes, and is gone before the answer, as a laptop that is closed; tells whether there was
   * anybody.
   */
  boolean refreshInVain(String token) {
    var index = any();
    var body = clients.get(index).refreshment(token).encoded();
    var head =
        "POST /oauth/token HTTP/1.1\r\nHost: "
            + servers.get(index).url("/").getRawAuthority()
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), servers.get(index).port())) {
      socket.getOutputStream().write((head + body).getBytes(US_ASCII));
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private int any() {
    return ThreadLocalRandom.current().nextInt(servers.size());
  }
}
