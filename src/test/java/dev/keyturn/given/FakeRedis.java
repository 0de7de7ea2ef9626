package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server that understands Redis' requests and answers whatever it is told to. */
public final class FakeRedis {
  private static final String MASTER = "*1\r\n$6\r\nmaster\r\n";

  /** What it answers to a command; an empty text is no answer. */
  public volatile Function<List<String>, String> answer = command -> "+OK\r\n";

  /** What it answers to a client that introduces itself. */
  public volatile String welcome = "+OK\r\n";

  private final List<List<String>> commands = new CopyOnWriteArrayList<>();
  private final NetServer server;

  private FakeRedis(Vertx vertx) {
    server = done(vertx.createNetServer().connectHandler(this::connect).listen(0, "127.0.0.1"));
  }

  public static FakeRedis start(Vertx vertx) {
    return new FakeRedis(vertx);
  }

  public int port() {
    return server.actualPort();
  }

  /** What it was asked, without introductions. */
  public List<List<String>> commands() {
    return List.copyOf(commands);
  }

  /** How often it was asked that. */
  public long count(String command) {
    return commands.stream().filter(words -> words.get(0).equalsIgnoreCase(command)).count();
  }

  private void connect(NetSocket socket) {
    var conversation = new Conversation(socket);
    socket.handler(conversation::receive);
  }

  private void answer(List<String> command, NetSocket socket) {
    switch (command.get(0).toUpperCase(Locale.ROOT)) {
      case "HELLO", "AUTH", "PING" -> socket.write(welcome);
      case "ROLE" -> socket.write(MASTER);
      default -> {
        commands.add(command);
        var text = answer.apply(command);
        if (!text.isEmpty()) {
          socket.write(Buffer.buffer(text, "ISO-8859-1"));
        }
      }
    }
  }

  /** What arrived on one connection and is not a whole command yet. */
  private final class Conversation {
    private final NetSocket socket;
    private String rest = "";
    private int at;

    Conversation(NetSocket socket) {
      this.socket = socket;
    }

    void receive(Buffer data) {
      rest += data.toString("ISO-8859-1");
      for (var next = next(); !next.isEmpty(); next = next()) {
        answer(next, socket);
      }
    }

    private List<String> next() {
      at = 0;
      try {
        var words = new ArrayList<String>();
        for (int left = number(); left > 0; left--) {
          var length = number();
          words.add(rest.substring(at, at + length));
          at += length + 2;
        }
        if (at > rest.length()) {
          return List.of();
        }
        rest = rest.substring(at);
        return words;
      } catch (StringIndexOutOfBoundsException e) {
        return List.of();
      }
    }

    /** That of a line such as {@code *3} or {@code $5}. */
    private int number() {
      var end = rest.indexOf("\r\n", at);
      var number = Integer.parseInt(rest.substring(at + 1, end));
      at = end + 2;
      return number;
    }
  }
}
