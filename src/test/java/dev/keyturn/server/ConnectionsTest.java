package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Patience;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionsTest {
  private static final String GET = "GET /%s HTTP/1.1\r\nHost: a\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final Host host = new Host();

  @BeforeEach
  void listen() {
    done(vertx.deployVerticle(host));
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  /** A server that answers, except at {@code /stream}, where an answer begins and does not end. */
  private static final class Host extends VerticleBase {
    private final Connections connections = new Connections();
    private @Nullable HttpServer server;
    private @Nullable HttpServerResponse stream;

    @Override
    public Future<?> start() {
      return vertx
          .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
          .connectionHandler(connections::opened)
          .requestHandler(this::answer)
          .listen(0, "127.0.0.1")
          .onSuccess(listening -> server = listening);
    }

    private void answer(HttpServerRequest request) {
      connections.asked(request);
      if (request.path().equals("/stream")) {
        stream = request.response().setChunked(true);
        stream.write("event");
      } else {
        request.response().end("here");
      }
    }

    /** Ends the answer that is on its way. */
    void endStream() {
      on(
          () -> {
            Objects.requireNonNull(stream).end("the end");
            return 0;
          });
    }

    int port() {
      return Objects.requireNonNull(server).actualPort();
    }

    int size() {
      return on(connections::size);
    }

    void tick(int times) {
      on(
          () -> {
            for (int i = 0; i < times; i++) {
              connections.tick();
            }
            return times;
          });
    }

    private int on(java.util.function.IntSupplier action) {
      var said = Promise.<Integer>promise();
      Context loop = context;
      loop.runOnContext(here -> said.complete(action.getAsInt()));
      return done(said.future());
    }
  }

  private Socket connected() throws IOException {
    var before = host.size();
    var socket = new Socket(InetAddress.getLoopbackAddress(), host.port());
    socket.setSoTimeout((int) Patience.LONG.toMillis());
    await().until(() -> host.size() > before);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void ask(Socket socket, String path, String end) throws IOException {
    write(socket, GET.formatted(path));
    read(socket, end);
  }

  private static void read(Socket socket, String end) throws IOException {
    var answer = new StringBuilder();
    while (answer.indexOf(end) < 0) {
      var letter = socket.getInputStream().read();
      assertThat(letter).as("after " + answer).isNotNegative();
      answer.append((char) letter);
    }
  }

  private static boolean isClosed(Socket socket) throws IOException {
    return socket.getInputStream().read() < 0;
  }

  @Test
  void one_on_which_nothing_comes_is_closed() throws IOException {
    try (var socket = connected()) {
      host.tick(Connections.FIRST + 1);
      assertThat(isClosed(socket)).isTrue();
    }
  }

  @Test
  void one_on_which_a_head_comes_letter_by_letter_is_closed() throws IOException {
    try (var socket = connected()) {
      for (var letter : "GET / HTTP".toCharArray()) {
        write(socket, String.valueOf(letter));
      }
      host.tick(Connections.FIRST + 1);
      assertThat(isClosed(socket)).isTrue();
    }
  }

  @Test
  void a_head_may_take_its_time_within_bounds() throws IOException {
    try (var socket = connected()) {
      host.tick(Connections.FIRST);
      ask(socket, "", "here");
    }
  }

  @Test
  void one_that_was_used_is_kept_for_a_while() throws IOException {
    try (var socket = connected()) {
      ask(socket, "", "here");
      host.tick(Connections.NEXT);
      ask(socket, "", "here");
      host.tick(Connections.NEXT);
      ask(socket, "", "here");
    }
  }

  @Test
  void and_closed_then() throws IOException {
    try (var socket = connected()) {
      ask(socket, "", "here");
      host.tick(Connections.NEXT + 1);
      assertThat(isClosed(socket)).isTrue();
    }
  }

  @Test
  void one_with_an_answer_on_its_way_lives_however_quiet_it_is() throws IOException {
    try (var socket = connected()) {
      ask(socket, "stream", "event");
      host.tick(100 * Connections.NEXT);
      host.endStream();
      read(socket, "the end");
    }
  }

  @Test
  void nothing_is_kept_of_one_that_is_gone() throws IOException {
    connected().close();
    await().until(() -> host.size() == 0);
  }
}
