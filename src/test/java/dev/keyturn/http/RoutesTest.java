package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.keyturn.given.GivenServer;
import dev.keyturn.given.Patience;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RoutesTest {
  private static final GivenServer SERVER =
      GivenServer.with(
          new Issuer("http://127.0.0.1:8080"), List.of(new Machine(), new Person(), new Broken()));

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static HttpResponse<String> ask(String method, String path) {
    return SERVER.send(SERVER.request(method, path, ""));
  }

  private static String header(HttpResponse<String> response, String name) {
    return String.join("; ", response.headers().allValues(name));
  }

  /** Answers programs with what they sent. */
  private static final class Machine implements Endpoint {
    @Override
    public List<Route> routes() {
      return List.of(
          Route.forPrograms(List.of("/machine"), Set.of("GET"), request -> json("got", "it")),
          Route.forPrograms(
              List.of("/machine"),
              Set.of("POST"),
              request -> json("a", request.form().requireSingle().required("a"))),
          Route.forPrograms(
              List.of("/machine/:name"),
              Set.of("GET"),
              request -> json("name", request.pathParameter("name"))),
          Route.forPrograms(
              List.of("/address"),
              Set.of("GET"),
              request -> json("address", request.remoteAddress())));
    }

    private static Future<Reply> json(String name, String value) {
      return Future.succeededFuture(Reply.json(200, new JsonObject().put(name, value)));
    }
  }

  /** Answers people. */
  private static final class Person implements Endpoint {
    @Override
    public List<Route> routes() {
      return List.of(
          Route.forPeople(
              List.of("/person"),
              Set.of("GET", "POST"),
              request -> Future.failedFuture(ErrorCode.ACCESS_DENIED.because("<b>no</b>"))));
    }
  }

  /** Fails in every way. */
  private static final class Broken implements Endpoint {
    @Override
    public List<Route> routes() {
      return List.of(
          Route.forPrograms(
              List.of("/throws"),
              Set.of("GET"),
              request -> {
                throw new IllegalStateException("hunter2");
              }),
          Route.forPrograms(
              List.of("/away"),
              Set.of("GET"),
              request ->
                  Future.failedFuture(
                      new UnavailableException("redis hunter2", Duration.ofSeconds(7)))),
          Route.forPeople(
              List.of("/page"),
              Set.of("GET"),
              request -> Future.failedFuture(new IllegalStateException("hunter2"))));
    }
  }

  @Test
  void an_endpoint_answers() {
    assertThat(ask("GET", "/machine").body()).isEqualTo("{\"got\":\"it\"}");
  }

  @Test
  void two_routes_of_one_path_have_their_own_methods() {
    var request =
        SERVER
            .request("POST", "/machine", "a=b")
            .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
    assertThat(SERVER.send(request).body()).isEqualTo("{\"a\":\"b\"}");
  }

  @Test
  void a_segment_of_the_path_has_a_name() {
    assertThat(ask("GET", "/machine/x%20y").body()).isEqualTo("{\"name\":\"x y\"}");
  }

  @Test
  void the_address_of_the_peer_is_known() {
    assertThat(ask("GET", "/address").body()).isEqualTo("{\"address\":\"127.0.0.1\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /machine, 'GET, HEAD, OPTIONS, POST'",
    "POST, /address, 'GET, HEAD, OPTIONS'",
    "PUT, /person, 'GET, HEAD, OPTIONS, POST'",
  })
  void another_method_is_405_with_the_allowed_ones(String method, String path, String allowed) {
    var response = ask(method, path);
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(header(response, "Allow")).isEqualTo(allowed);
  }

  @Test
  void head_is_get_without_the_body() {
    var response = ask("HEAD", "/machine");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(header(response, "Content-Length")).isEqualTo("12");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/machine/",
        "/machine//",
        "//machine",
        "/person/",
        "/Machine",
        "/none",
        "/machine/a/b",
        "/machine/../address",
        "/./machine",
        "/%6dachine"
      })
  void another_path_is_404(String path) {
    assertThat(ask("GET", path).statusCode()).isEqualTo(404);
  }

  @Test
  void a_browser_may_ask_from_any_origin() {
    var response =
        SERVER.send(
            SERVER
                .request("OPTIONS", "/machine", "")
                .header(
                    "Access-Control-Request-Headers",
                    "authorization, Mcp-Param-Region, X-Evil, Mcp-Param-(x)"));
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(response, "Access-Control-Allow-Methods"))
        .isEqualTo("GET, HEAD, OPTIONS, POST");
    assertThat(header(response, "Access-Control-Allow-Headers"))
        .contains("Authorization", "MCP-Protocol-Version", "Mcp-Param-Region")
        .doesNotContain("X-Evil", "(x)");
    assertThat(header(response, "Access-Control-Allow-Credentials")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/machine", "/throws"})
  void any_origin_reads_what_a_program_reads(String path) {
    var response = ask("GET", path);
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(response, "Access-Control-Expose-Headers")).contains("WWW-Authenticate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "OPTIONS", "PUT"})
  void no_origin_reads_what_a_person_reads(String method) {
    assertThat(header(ask(method, "/person"), "Access-Control-Allow-Origin")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /machine",
    "PUT, /machine",
    "GET, /throws",
    "GET, /person",
    "OPTIONS, /machine",
    "OPTIONS, /person",
  })
  void no_answer_is_sniffed(String method, String path) {
    assertThat(header(ask(method, path), "X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/machine", "/throws", "/person"})
  void no_answer_is_stored(String path) {
    assertThat(header(ask("GET", path), "Cache-Control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "OPTIONS"})
  void a_program_sends_no_referrer(String method) {
    assertThat(header(ask(method, "/machine"), "Referrer-Policy")).isEqualTo("no-referrer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/machine", "/person"})
  void what_is_said_of_methods_is_not_stored(String path) {
    assertThat(header(ask("OPTIONS", path), "Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void a_page_runs_nothing_and_is_framed_by_nobody() {
    var response = ask("GET", "/person");
    assertThat(header(response, "Content-Security-Policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("script-src", "form-action");
    assertThat(header(response, "X-Frame-Options")).isEqualTo("DENY");
    assertThat(header(response, "Referrer-Policy")).isEqualTo("same-origin");
  }

  @Test
  void a_refusal_of_a_person_is_a_page_that_is_escaped() {
    var response = ask("GET", "/person");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("&lt;b&gt;no").doesNotContain("<b>no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/throws", "/away", "/page"})
  void a_failure_tells_nothing(String path) {
    assertThat(ask("GET", path).body()).doesNotContain("hunter2", "IllegalState");
  }

  @Test
  void a_failure_is_a_server_error() {
    var response = ask("GET", "/throws");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("{\"error\":\"server_error\"}");
  }

  @Test
  void what_is_away_says_when_to_come_back() {
    var response = ask("GET", "/away");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(header(response, "Retry-After")).isEqualTo("7");
  }

  @Test
  void a_body_of_another_type_is_415() {
    var request =
        SERVER.request("POST", "/machine", "{}").header("Content-Type", "application/json");
    assertThat(SERVER.send(request).statusCode()).isEqualTo(415);
  }

  @Test
  void a_body_of_64_kib_is_read() {
    var request =
        SERVER
            .request("POST", "/machine", "a=" + "x".repeat(Request.MAX_BODY - 2))
            .header("Content-Type", "application/x-www-form-urlencoded");
    assertThat(SERVER.send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void a_body_of_one_byte_more_is_413() {
    var request =
        SERVER
            .request("POST", "/machine", "a=" + "x".repeat(Request.MAX_BODY - 1))
            .header("Content-Type", "application/x-www-form-urlencoded");
    var response = SERVER.send(request);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("invalid_request");
  }

  private static void sendMuch(OutputStream out) throws IOException {
    for (int i = 0; i < 1000; i++) {
      out.write(new byte[1024 * 100]);
    }
  }

  /** Otherwise a stranger sends for ever what nobody reads. */
  @Test
  void after_413_the_connection_is_closed_to_who_goes_on_sending() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.port())) {
      socket.setSoTimeout((int) Patience.LONG.toMillis());
      var head = "POST /machine HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertThatIOException().isThrownBy(() -> sendMuch(socket.getOutputStream()));
    }
  }
}
