package dev.keyturn.app;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code keys list --server}, against what answers like a management port. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerKeysTest {
  private static final JsonObject SIGNING =
      new JsonObject()
          .put("kind", "signing")
          .put("id", "k".repeat(43))
          .put("algorithm", "ES256")
          .put("state", "signing")
          .put("since", "2026-11-23T12:00:00Z")
          .put("listed", true)
          .put("note", "");

  private static final JsonObject RETIRING =
      new JsonObject()
          .put("kind", "hmac")
          .put("id", "h".repeat(22))
          .put("algorithm", "")
          .put("state", "retiring")
          .put("since", "2026-11-23T12:00:00.001Z")
          .put("until", "2026-11-24T12:00:00Z")
          .put("listed", false)
          .put("note", "still needed");

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  @Test
  void tells_the_states_and_times_of_a_running_server() {
    assertThat(list(ready(SIGNING, RETIRING)).out().lines())
        .containsExactly(
            "signing  "
                + "k".repeat(43)
                + "  ES256      signing    since 2026-11-23T12:00:00Z      until "
                + "-                         listed      -",
            "hmac     "
                + "h".repeat(22)
                + " ".repeat(21)
                + "  -          retiring   since 2026-11-23T12:00:00.001Z  until "
                + "2026-11-24T12:00:00Z      not-listed  still needed",
            "next change by time: 2026-11-24T12:00:00Z");
  }

  @Test
  void columns_stay_where_they_are() {
    assertThat(list(ready(SIGNING, RETIRING)).out().lines().limit(2))
        .allMatch(line -> line.split(" +").length >= 10)
        .extracting(line -> line.indexOf("until"))
        .containsOnly(108);
  }

  @Test
  void nothing_that_changes_by_time_is_said_to_be_none() {
    assertThat(list(ready(SIGNING)).out()).endsWith("next change by time: none\n");
  }

  @Test
  void json_holds_the_same() {
    var run =
        GivenCommand.run("keys", "list", "--json", "--server", answering(200, ready(SIGNING)));
    assertThat(new JsonArray(run.out())).containsExactly(SIGNING);
  }

  @Test
  void a_server_that_is_not_ready_is_asked_too() {
    var run = GivenCommand.run("keys", "list", "--server", answering(503, ready(SIGNING)));
    assertThat(run.out()).contains("ES256");
  }

  @Test
  void a_slash_behind_the_address_does_no_harm() {
    var run = GivenCommand.run("keys", "list", "--server", answering(200, ready(SIGNING)) + "/");
    assertThat(run.exit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b[2J", "\u009b2J", "\u202e", "\n", "\u2028"})
  void what_would_move_a_cursor_does_not_reach_the_terminal(String trick) {
    var state = SIGNING.copy().put("note", "a" + trick + "b");
    assertThat(list(ready(state)).out())
        .contains("  a?")
        .doesNotContain("a" + trick.substring(0, 1));
  }

  @Test
  void nor_by_json() {
    var address = answering(200, ready(SIGNING.copy().put("note", "\u009b2J")));
    assertThat(GivenCommand.run("keys", "list", "--json", "--server", address).out())
        .contains("\"?2J\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ok",
        "[]",
        "{}",
        "{\"keys\": 1}",
        "{\"keys\": [1]}",
        "{\"keys\": [{}]}",
        "null"
      })
  void whatever_else_answers_there_is_exit_code_1(String body) {
    var address = answering(200, body);
    assertThat(GivenCommand.run("keys", "list", "--server", address))
        .isEqualTo(
            new GivenCommand(
                1,
                "",
                "keyturn: "
                    + address
                    + "/readyz tells no keys: --server takes the URL of Keyturn's"
                    + " management port\n"));
  }

  @Test
  void nobody_there_is_exit_code_1() {
    var address = answering(200, "{}");
    done(vertx.close());
    assertThat(GivenCommand.run("keys", "list", "--server", address))
        .isEqualTo(
            new GivenCommand(
                1,
                "",
                "keyturn: "
                    + address
                    + "/readyz does not answer (ConnectException): --server takes the URL of"
                    + " Keyturn's management port\n"));
  }

  @Test
  void an_answer_without_end_is_read_no_further_than_a_megabyte() {
    var address = answering(200, " ".repeat(1024 * 1024) + ready(SIGNING));
    assertThat(GivenCommand.run("keys", "list", "--server", address).err())
        .contains("/readyz tells no keys");
  }

  @Test
  void who_only_begins_to_answer_is_left_after_a_time() {
    var address = beginning();
    var keys = new ServerKeys(URI.create(address), Duration.ofSeconds(1));
    assertThatThrownBy(keys::ask)
        .isInstanceOf(IOException.class)
        .hasMessage(
            address
                + "/readyz does not answer after 1 s: --server takes the URL of Keyturn's"
                + " management port");
  }

  @Test
  void a_redirect_is_not_followed() {
    var other = answering(200, ready(SIGNING));
    var address = redirecting(other + "/readyz");
    assertThat(GivenCommand.run("keys", "list", "--server", address).exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "file:///etc/passwd",
        "http://user:word@127.0.0.1",
        "http:///x",
        "http://127.0.0.1?a=b"
      })
  void an_address_of_another_sort_is_exit_code_1(String address) {
    var run = GivenCommand.run("keys", "list", "--server", address);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("--server must be the URL of a management port");
  }

  @Test
  void files_and_a_server_together_are_a_mistake_of_the_command_line() {
    var run = GivenCommand.run("keys", "list", "a.pem", "--server", "http://127.0.0.1:9090");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("Name directories and files, or a running server");
  }

  @Test
  void neither_files_nor_a_server_is_a_mistake_of_the_command_line() {
    assertThat(GivenCommand.run("keys", "list").exit()).isEqualTo(2);
  }

  private GivenCommand list(String body) {
    return GivenCommand.run("keys", "list", "--server", answering(200, body));
  }

  private static String ready(JsonObject... keys) {
    var all = new JsonArray();
    for (var key : keys) {
      all.add(key);
    }
    return new JsonObject().put("ready", true).put("keys", all).encode();
  }

  private String answering(int status, String body) {
    return serving(
        request ->
            request
                .response()
                .setStatusCode(request.path().equals("/readyz") ? status : 404)
                .end(body));
  }

  private String redirecting(String target) {
    return serving(
        request -> request.response().setStatusCode(302).putHeader("Location", target).end());
  }

  /** Sends the head of an answer, and never its end. */
  private String beginning() {
    return serving(request -> request.response().setChunked(true).write("{\"keys\":"));
  }

  private String serving(Handler<HttpServerRequest> handler) {
    var server = done(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
    return "http://127.0.0.1:" + server.actualPort();
  }
}
