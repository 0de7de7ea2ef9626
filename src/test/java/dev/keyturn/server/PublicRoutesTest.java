package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.keyturn.gateway.Backends;
import dev.keyturn.given.Patience;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Route;
import dev.keyturn.http.Routes;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PublicRoutesTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final Router router = Router.router(vertx);
  private final HttpServer server =
      done(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private int status(HttpMethod method, String target, String host) {
    var options =
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(server.actualPort(), "127.0.0.1"))
            .setMethod(method)
            .setURI(target);
    return done(
        client
            .request(options)
            .compose(
                request ->
                    request
                        .authority(HostAndPort.parseAuthority(host, server.actualPort()))
                        .send()
                        .compose(answer -> answer.body().map(body -> answer.statusCode()))));
  }

  @Nested
  class The_host_guard {
    private int status(String bound, String host) {
      router.route().handler(new HostGuard(bound, List.of("MCP.example.com")));
      router.route().handler(context -> context.response().end());
      return PublicRoutesTest.this.status(HttpMethod.GET, "/", host);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "localhost",
          "localhost:1234",
          "LOCALHOST",
          "127.0.0.1:8080",
          "[::1]:8080",
          "127.0.0.2",
          "mcp.example.com",
          "Mcp.Example.Com:443"
        })
    void knows_the_names_of_this_server(String host) {
      assertThat(status("127.0.0.2", host)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "evil.example",
          "localhost.evil.example",
          "mcp.example.com.evil.example",
          "10.0.0.1",
          "127.0.0.3",
          "0.0.0.0"
        })
    void refuses_every_other_name_on_loopback(String host) {
      assertThat(status("127.0.0.2", host)).isEqualTo(421);
    }

    /** RFC 9112, section 3.2, wherever the server is bound. */
    @ParameterizedTest
    @CsvSource({
      "0.0.0.0, 'Host: mcp.example.com\nHost: evil.example', 400",
      "127.0.0.1, 'Host: localhost\nHost: localhost', 400",
      "127.0.0.1, 'host: localhost\nX-A: b\nHOST: evil.example', 400",
      "0.0.0.0, 'X-A: b', 400",
      "0.0.0.0, 'Host: a b', 400",
      "0.0.0.0, 'Host: mcp.example.com', 200"
    })
    void refuses_two_hosts_and_none(String bound, String headers, int expected) throws IOException {
      router.route().handler(new HostGuard(bound, List.of()));
      router.route().handler(context -> context.response().end());
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
        socket.setSoTimeout((int) Patience.LONG.toMillis());
        var head = "GET / HTTP/1.1\r\n" + headers.replace("\n", "\r\n") + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        assertThat(answer).isEqualTo("HTTP/1.1 " + expected);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.0.0.1", "::"})
    void leaves_a_public_address_alone(String bound) {
      assertThat(status(bound, "evil.example")).isEqualTo(200);
    }
  }

  @Nested
  class The_log {
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level usual = root.getLevel();

    @BeforeEach
    void listen() {
      root.setLevel(Level.DEBUG);
      appender.start();
      root.addAppender(appender);
      Fallbacks.mount(router);
      new Routes(
              new Refusals(Pages.create(vertx, new Issuer("https://as.example"))),
              new SecureRandom())
          .mount(router, List.of(() -> routes()));
      router
          .route("/throws")
          .handler(
              context -> {
                throw new IllegalStateException("thrown");
              });
    }

    @AfterEach
    void stop() {
      root.detachAppender(appender);
      root.setLevel(usual);
    }

    private List<Route> routes() {
      return List.of(
          person("/refused", ErrorCode.INVALID_REQUEST.because("no")),
          person("/broken", new IllegalStateException("broken")),
          person("/away", new UnavailableException("away", Duration.ofSeconds(1))),
          Route.forPrograms(
              List.of("/program"),
              Set.of("GET"),
              request -> Future.failedFuture(new IllegalStateException("broken"))));
    }

    private static Route person(String path, Throwable failure) {
      return Route.forPeople(List.of(path), Set.of("GET"), request -> Future.failedFuture(failure));
    }

    /** What we and the web framework log; netty's own traces of bytes are not for production. */
    private String logged() {
      return List.copyOf(appender.list).stream()
          .filter(event -> !event.getLoggerName().startsWith("io.netty"))
          .map(
              event ->
                  event.getFormattedMessage()
                      + event.getKeyValuePairs()
                      + (event.getThrowableProxy() == null
                          ? ""
                          : ThrowableProxyUtil.asString(event.getThrowableProxy())))
          .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @CsvSource({
      "GET, /refused, 400",
      "GET, /broken, 500",
      "GET, /away, 503",
      "GET, /program, 500",
      "GET, /throws, 500",
      "GET, /nowhere, 404",
      "POST, /refused, 405",
      "GET, /%zz, 400"
    })
    void never_holds_a_query(String method, String path, int status) {
      var target = path + "?code=c0de-s3cr3t&state=st4te-s3cr3t";
      assertThat(status(HttpMethod.valueOf(method), target, "localhost")).isEqualTo(status);
      assertThat(logged()).doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/broken", "/program", "/throws"})
    void tells_of_a_failure_once(String path) {
      status(HttpMethod.GET, path, "localhost");
      // Others of this JVM may still log that their connections have ended.
      assertThat(appender.list)
          .filteredOn(event -> event.getLevel() == Level.ERROR)
          .filteredOn(
              event -> event.getLoggerName().matches("dev[.]keyturn[.].*|.*[.]ext[.]web[.].*"))
          .hasSize(1);
    }

    private int status(HttpMethod method, String target, String host) {
      return PublicRoutesTest.this.status(method, target, host);
    }
  }

  @Nested
  class The_paths_of_endpoints {
    private List<String> mounted(RunConfig config) {
      return GivenConfig.live(vertx, config).wiring().endpoints().stream()
          .flatMap(endpoint -> endpoint.routes().stream())
          .flatMap(route -> route.paths().stream())
          .toList();
    }

    @Test
    void are_known_before_there_are_endpoints() {
      var config = GivenConfig.anyPorts();
      var known = EndpointPaths.of(config.issuer(), config.browser());
      assertThat(mounted(config))
          .isNotEmpty()
          .allSatisfy(
              path -> assertThat(known).anyMatch(endpoint -> Backends.isUnder(path, endpoint)));
    }

    @Test
    void are_not_known_where_nothing_answers() {
      var config = GivenConfig.anyPorts();
      var mounted = mounted(config);
      assertThat(EndpointPaths.of(config.issuer(), config.browser()))
          .filteredOn(path -> !path.equals(EndpointPaths.RESOURCES))
          .allSatisfy(
              path -> assertThat(mounted).anyMatch(endpoint -> Backends.isUnder(endpoint, path)));
    }
  }
}
