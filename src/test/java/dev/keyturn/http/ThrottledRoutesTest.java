package dev.keyturn.http;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Patience;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.Wire;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits by address, before a request is read, and whose address it is behind proxies. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ThrottledRoutesTest {
  private static final int MOST = 3;

  private final Vertx vertx = Vertx.vertx();
  private final SettableClock clock = new SettableClock();
  private final List<String> refused = new ArrayList<>();
  private final RateLimits limits =
      new RateLimits(
          clock,
          () -> Map.of(Limit.TOKEN_PER_ADDRESS, MOST, Limit.AUTHORIZE_PER_ADDRESS, MOST),
          (limit, who, first) -> refused.add(limit.wire() + " " + who + " " + first));
  private int port;

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private void serve(Proxies proxies) {
    var router = Router.router(vertx);
    router.route().handler(proxies);
    new Routes(
            new Refusals(Pages.create(vertx, new Issuer("https://as.example"))), new SecureRandom())
        .mount(router, List.of(new Echo(limits)));
    HttpServer server =
        done(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    port = server.actualPort();
  }

  private static Proxies trusting(Proxies.Header header, String... blocks) {
    return new Proxies(
        Stream.of(blocks).map(block -> AddressBlock.parse(block).orElseThrow()).toList(), header);
  }

  private Answer post(Map<String, String> headers) {
    return new Wire().send("POST", URI.create("http://127.0.0.1:" + port + "/token"), headers, "x");
  }

  private String seen(String header, String value) {
    return post(Map.of(header, value)).text("address");
  }

  /** Says who asked. */
  private record Echo(RateLimits limits) implements Endpoint {
    @Override
    public List<Route> routes() {
      return List.of(
          Route.forPrograms(List.of("/token"), Set.of("POST"), Echo::say)
              .throttledBy(limits.of(Limit.TOKEN_PER_ADDRESS)),
          Route.forPeople(List.of("/authorize"), Set.of("GET"), Echo::say)
              .throttledBy(limits.of(Limit.AUTHORIZE_PER_ADDRESS)));
    }

    private static Future<Reply> say(Request request) {
      return Future.succeededFuture(
          Reply.json(200, new JsonObject().put("address", request.remoteAddress())));
    }
  }

  @Nested
  class One_request_too_many {
    private Answer last;

    private void flood(String path) {
      serve(Proxies.NONE);
      var url = URI.create("http://127.0.0.1:" + port + path);
      for (int i = 0; i <= MOST; i++) {
        last = path.equals("/token") ? post(Map.of()) : new Wire().get(url);
        assertThat(last.status()).isEqualTo(i < MOST ? 200 : 429);
      }
    }

    @Test
    void is_an_error_for_a_program() {
      flood("/token");
      assertThat(last.text("error")).isEqualTo("temporarily_unavailable");
      assertThat(last.header("Retry-After")).contains("20");
      assertThat(last.header("Access-Control-Allow-Origin")).contains("*");
    }

    @Test
    void is_a_page_for_a_person() {
      flood("/authorize");
      assertThat(last.header("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(last.header("Retry-After")).contains("20");
      assertThat(last.body()).contains("wait at least 20 s");
    }

    @Test
    void is_let_in_when_it_waits_as_it_was_told() {
      flood("/token");
      clock.forward(Duration.ofSeconds(19));
      assertThat(post(Map.of()).header("Retry-After")).contains("1");
      clock.forward(Duration.ofSeconds(1));
      assertThat(post(Map.of()).status()).isEqualTo(200);
    }

    @Test
    void is_told_of_once_a_minute() {
      flood("/token");
      post(Map.of());
      assertThat(refused)
          .containsExactly("token_per_address 127.0.0.1 true", "token_per_address 127.0.0.1 false");
    }

    @Test
    void is_refused_before_its_body_has_come() throws IOException {
      flood("/token");
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout((int) Patience.LONG.toMillis());
        var head = "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        var answer = new byte[12];
        assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 429");
      }
    }

    @Test
    void is_no_matter_elsewhere() {
      flood("/token");
      assertThat(new Wire().get(URI.create("http://127.0.0.1:" + port + "/authorize")).status())
          .isEqualTo(200);
    }
  }

  /** What a client writes of itself is not believed. */
  @Nested
  class An_address {
    @Test
    void is_that_of_the_peer_where_no_proxy_is_trusted() {
      serve(Proxies.NONE);
      assertThat(seen("X-Forwarded-For", "203.0.113.9")).isEqualTo("127.0.0.1");
      assertThat(seen("Forwarded", "for=203.0.113.9")).isEqualTo("127.0.0.1");
    }

    @Test
    void is_that_of_the_peer_where_another_proxy_is_trusted() {
      serve(trusting(Proxies.Header.X_FORWARDED_FOR, "10.0.0.0/8"));
      assertThat(seen("X-Forwarded-For", "203.0.113.9")).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "203.0.113.9|203.0.113.9",
          "198.51.100.7, 203.0.113.9|203.0.113.9",
          "198.51.100.7, 203.0.113.9, 10.0.0.2|203.0.113.9",
          "198.51.100.7,203.0.113.9,10.0.0.2,127.0.0.1|203.0.113.9",
          "10.0.0.3, 10.0.0.2|10.0.0.3",
          "203.0.113.9:4711|203.0.113.9",
          "[2001:db8::9]:4711|2001:db8::9",
          "2001:db8::9|2001:db8::9",
          "::ffff:10.0.0.2|::ffff:10.0.0.2",
          "203.0.113.9, unknown|127.0.0.1",
          "203.0.113.9, evil.example, 10.0.0.2|10.0.0.2",
          "203.0.113.9,|127.0.0.1",
          ",|127.0.0.1",
          "[|127.0.0.1",
          "for=203.0.113.9|127.0.0.1"
        })
    void is_what_the_nearest_trusted_proxies_say(String header, String address) {
      serve(trusting(Proxies.Header.X_FORWARDED_FOR, "127.0.0.1", "10.0.0.0/8"));
      assertThat(seen("X-Forwarded-For", header)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "for=203.0.113.9|203.0.113.9",
          "for=198.51.100.7, For=\"203.0.113.9:80\";proto=https;by=10.0.0.1|203.0.113.9",
          "for=203.0.113.9, proto=https;for=10.0.0.2|203.0.113.9",
          "for=\"[2001:db8::9]:4711\"|2001:db8::9",
          "for=_hidden|127.0.0.1",
          "by=203.0.113.9|127.0.0.1",
          "203.0.113.9|127.0.0.1"
        })
    void may_stand_in_the_other_header(String header, String address) {
      serve(trusting(Proxies.Header.FORWARDED, "127.0.0.1", "10.0.0.0/8"));
      assertThat(seen("Forwarded", header)).isEqualTo(address);
    }

    @Test
    void never_stands_in_the_header_that_the_proxies_do_not_set() {
      serve(trusting(Proxies.Header.X_FORWARDED_FOR, "127.0.0.1"));
      assertThat(seen("Forwarded", "for=203.0.113.9")).isEqualTo("127.0.0.1");
      serve(trusting(Proxies.Header.FORWARDED, "127.0.0.1"));
      assertThat(seen("X-Forwarded-For", "203.0.113.9")).isEqualTo("127.0.0.1");
    }

    @Test
    void is_not_another_one_for_each_header_that_a_flooder_makes_up() {
      serve(trusting(Proxies.Header.X_FORWARDED_FOR, "10.0.0.0/8"));
      for (int i = 0; i < MOST; i++) {
        post(Map.of("X-Forwarded-For", "198.51.100." + i));
      }
      assertThat(post(Map.of("X-Forwarded-For", "198.51.100.99")).status()).isEqualTo(429);
    }

    @Test
    void of_one_network_of_64_bits_is_one() {
      serve(trusting(Proxies.Header.X_FORWARDED_FOR, "127.0.0.1"));
      for (int i = 0; i < MOST; i++) {
        post(Map.of("X-Forwarded-For", "2001:db8:0:1::" + i));
      }
      assertThat(post(Map.of("X-Forwarded-For", "2001:db8:0:1:ffff::1")).status()).isEqualTo(429);
      assertThat(post(Map.of("X-Forwarded-For", "2001:db8:0:2::1")).status()).isEqualTo(200);
    }
  }
}
