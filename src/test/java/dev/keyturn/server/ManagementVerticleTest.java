package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Patience;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ManagementVerticleTest {
  private static final Health HEALTH =
      new Health() {
        @Override
        public boolean hasStarted() {
          return true;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public JsonObject toJson() {
          return new JsonObject();
        }
      };

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private String answer(String bound, String hosts) throws IOException {
    var verticle = new ManagementVerticle(bound, 0, HEALTH, new SimpleMeterRegistry());
    done(vertx.deployVerticle(verticle));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), verticle.port())) {
      socket.setSoTimeout((int) Patience.LONG.toMillis());
      var head = "GET /livez HTTP/1.1\r\n" + hosts.replace("\n", "\r\n") + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
  }

  /** A page whose name leads to this machine does not read what is for whoever runs it. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, Host: localhost:9090, 200",
    "127.0.0.1, Host: 127.0.0.1, 200",
    "127.0.0.1, Host: rebound.example, 421",
    "127.0.0.1, 'Host: localhost\nHost: rebound.example', 400",
    "0.0.0.0, Host: 10.1.2.3:9090, 200",
    "0.0.0.0, Host: keyturn.internal, 200"
  })
  void on_loopback_answers_to_the_names_of_this_machine_only(String bound, String host, int status)
      throws IOException {
    assertThat(answer(bound, host)).isEqualTo("HTTP/1.1 " + status);
  }
}
