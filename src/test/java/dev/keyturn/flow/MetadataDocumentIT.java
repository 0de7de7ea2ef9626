package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.Plan;
import dev.keyturn.given.SigningClient;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are known by a document at the URL that is their name, over real TLS. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MetadataDocumentIT {
  private static final Path DOCUMENTS = Path.of("src/test/resources/dev/keyturn/client/documents");
  private static final String HERE = "http://127.0.0.1:33418/callback";

  private static MetadataHost host;
  private static Flow flow;
  private static int names;

  private String path = "";
  private McpClient client;

  @BeforeAll
  static void start() {
    host = MetadataHost.started("apps.example", "sub.apps.example", "denied.example");
    flow =
        Flow.started(
            Plan.USUAL.with(
                host.setting("denied_hosts: [denied.example], fetches_per_minute: 100000")));
  }

  @AfterAll
  static void stop() {
    flow.close();
    host.close();
  }

  @BeforeEach
  void publish() {
    path = "/" + ++names + ".json";
    host.publish(path, document());
    client = new McpClient(flow, id(), HERE);
  }

  @AfterEach
  void mend() {
    host.publish(path, document());
  }

  private String id() {
    return host.url(path).toString();
  }

  private JsonObject document() {
    return McpClient.document(id(), HERE);
  }

  private Answer authorized() {
    return flow.browser().open(client.authorize());
  }

  private static void forward(Duration time) {
    flow.clock().forward(time);
  }

  @Test
  void the_metadata_says_that_documents_are_read() {
    var metadata = new Wire().get(flow.url("/.well-known/oauth-authorization-server")).json();
    assertThat(metadata.getBoolean("client_id_metadata_document_supported")).isTrue();
    assertThat(metadata.getJsonArray("token_endpoint_auth_methods_supported"))
        .contains("none", "private_key_jwt");
  }

  @ParameterizedTest
  @CsvSource({
    "claude,https://assistant.example/api/mcp/auth_callback",
    "claude-code,http://localhost:51234/callback",
    "claude-code,http://127.0.0.1:51235/callback",
    "chatgpt,https://chat.example/connector/oauth/0a1b2c",
    "vscode,http://127.0.0.1:33418/",
    "vscode,http://127.0.0.1:60999/",
    "vscode,https://editor.example/redirect",
    "cursor,http://localhost:8787/callback",
    "cursor,https://www.pointer.example/agents/mcp/oauth/callback",
    "codex,http://127.0.0.1:45678/callback/terminal",
    "opencode,http://127.0.0.1:19876/mcp/oauth/callback",
    "inspector,http://127.0.0.1:6276/oauth/callback",
    "inspector,http://localhost:6274/oauth/callback/debug"
  })
  void a_client_that_looks_like(String name, String redirectUri) throws IOException {
    var document = new JsonObject(Files.readString(DOCUMENTS.resolve(name + ".json")));
    var known = McpClient.byDocument(flow, host, document, redirectUri);
    var tokens = known.connect(flow.alice());
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    assertThat(known.call(tokens.text("access_token")).body()).contains("Alice Liddell");
    assertThat(known.refresh(tokens.text("refresh_token")).status()).isEqualTo(200);
  }

  @Test
  void a_private_use_scheme_of_an_editor_ends_on_a_page_with_a_link() throws IOException {
    var document = new JsonObject(Files.readString(DOCUMENTS.resolve("cursor.json")));
    var cursor =
        McpClient.byDocument(flow, host, document, "cursor://pointer.example-mcp/oauth/callback");
    assertThat(flow.alice().logIn(cursor.authorize()).link().toString())
        .startsWith("cursor://pointer.example-mcp/oauth/callback?code=ktc_");
  }

  @Test
  void the_access_token_names_the_client_by_its_url() {
    var token = client.connect(flow.alice()).text("access_token");
    var claims =
        new String(
            java.util.Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]),
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(new JsonObject(claims).getString("client_id")).isEqualTo(id());
  }

  @Test
  void a_document_that_is_fresh_is_not_fetched_again() {
    client.connect(flow.alice());
    assertThat(host.requests(path)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "max-age=0,59,1",
    "max-age=0,61,2",
    "no-store,61,2",
    "max-age=600,599,1",
    "max-age=600,601,2",
    "max-age=999999,86399,1",
    "max-age=999999,86401,2",
    "public,299,1",
    "public,301,2"
  })
  void is_kept_as_its_headers_say(String cacheControl, int seconds, int requests) {
    host.publish(path, document(), Map.of("Cache-Control", cacheControl));
    authorized();
    forward(Duration.ofSeconds(seconds));
    authorized();
    assertThat(host.requests(path)).isEqualTo(requests);
  }

  @Test
  void a_failure_is_remembered_for_a_minute() {
    host.fail(path, 500);
    IntStream.range(0, 3).forEach(i -> authorized());
    assertThat(host.requests(path)).isEqualTo(1);
    host.publish(path, document());
    assertThat(authorized().status()).isEqualTo(503);
    forward(Duration.ofSeconds(61));
    assertThat(authorized().status()).isEqualTo(200);
  }

  @Test
  void a_failure_is_audited_once_as_long_as_it_is_remembered() {
    var before = count("document.refused");
    host.fail(path, 404);
    IntStream.range(0, 3).forEach(i -> authorized());
    assertThat(count("document.refused") - before).isEqualTo(1);
  }

  @Test
  void a_redirect_uri_that_the_document_does_not_name_is_a_page() {
    var page =
        flow.browser()
            .open(
                client.authorize(client.request().with("redirect_uri", "https://evil.example/cb")));
    assertThat(page.status()).isEqualTo(400);
    assertThat(page.body()).contains("return address");
  }

  @Nested
  class A_page_says_which_host_and_why_when {
    private void says(int status, String words) {
      var page = authorized();
      assertThat(page.status()).isEqualTo(status);
      assertThat(page.body()).contains("apps.example " + words);
    }

    @Test
    void the_document_is_another_clients() {
      host.publish(path, document().put("client_id", host.url("/other.json").toString()));
      says(400, "describes an application of another address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "", "null", "{\"client_id\": 1, \"client_id\": 2}", "{} {}"})
    void it_is_no_object(String text) {
      host.publish(path, "application/json", text);
      says(400, "sent something that is no description");
    }

    @Test
    void it_has_no_name() {
      host.publish(path, without("client_name"));
      says(400, "describes an application without a name");
    }

    @Test
    void it_names_no_redirect_uri_that_is_allowed() {
      host.publish(path, McpClient.document(id(), "http://evil.example/cb", "javascript:alert(1)"));
      says(400, "names no address to return to");
    }

    @ParameterizedTest
    @CsvSource({
      "token_endpoint_auth_method,client_secret_basic",
      "token_endpoint_auth_method,client_secret_post",
      "token_endpoint_auth_method,client_secret_jwt",
      "client_secret,whatever",
      "client_secret_expires_at,0"
    })
    void it_wants_a_secret(String member, String value) {
      host.publish(path, document().put(member, value));
      says(400, "describes an application that would prove itself by a secret");
    }

    @Test
    void it_is_away() {
      host.fail(path, 503);
      says(503, "answered with an error");
    }

    @Test
    void it_is_gone() {
      host.fail(path, 404);
      says(400, "has no such description");
    }

    @Test
    void it_leads_elsewhere() {
      host.redirect(path, host.url("/elsewhere.json").toString());
      says(400, "answered with a redirect");
      assertThat(host.requests("/elsewhere.json")).isZero();
    }

    @Test
    void it_is_too_large() {
      host.publish(path, document().put("padding", "x".repeat(11_000)));
      says(400, "sent more than");
    }

    @Test
    void it_is_no_json() {
      host.publish(path, "text/html", document().encode());
      says(400, "sent something else than JSON");
    }

    @Test
    void it_comes_too_slowly() {
      host.drip(path);
      says(503, "took too long");
    }

    @Test
    void it_sends_anything_of_its_own() {
      host.publish(path, "application/json", "<b>buy this</b>");
      assertThat(authorized().body()).doesNotContain("buy this");
    }

    private JsonObject without(String member) {
      var document = document();
      document.remove(member);
      return document;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://localhost/c.json",
        "https://127.0.0.1/c.json",
        "https://[::1]/c.json",
        "https://[::ffff:127.0.0.1]/c.json",
        "https://[fd00::1]/c.json",
        "https://2130706433/c.json",
        "https://0x7f000001/c.json",
        "https://127.1/c.json",
        "https://apps.example:25/c.json",
        "https://denied.example/c.json",
        "http://apps.example/c.json",
        "https://user@apps.example/c.json",
        "https://apps.example/c.json#x",
        "https://apps.example/a/../c.json",
        "https://apps.example/a/%2e%2E/c.json",
        "https://apps.example/./c.json",
        "https://apps.example",
        "https://apps.example/",
        "https://APPS.example/c.json",
        "HTTPS://apps.example/c.json",
        "https://apps.example:443/c.json",
        "https://apps.example\\@evil.example/c.json"
      })
  void is_no_client(String id) {
    var before = host.requests();
    var page = flow.browser().open(new McpClient(flow, id, HERE).authorize());
    assertThat(page.status()).isEqualTo(400);
    assertThat(host.requests()).isEqualTo(before);
  }

  @Nested
  class At_the_token_endpoint {
    @Test
    void a_redirect_uri_that_has_left_the_document_does_not_redeem() {
      var handed = flow.alice().logIn(client.authorize());
      host.publish(path, McpClient.document(id(), "https://new.example/cb"));
      forward(Duration.ofSeconds(301));
      assertThat(client.redeem(handed).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void a_client_that_cannot_be_looked_at_is_told_to_come_back() {
      host.fail(path, 500);
      var answer = client.refresh("ktr_x");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void a_client_whose_document_is_bad_is_invalid_client() {
      host.publish(path, "application/json", "{}");
      assertThat(client.refresh("ktr_x").text("error")).isEqualTo("invalid_client");
    }

    @Test
    void a_session_goes_on_while_the_host_is_away() {
      var tokens = client.connect(flow.alice());
      host.fail(path, 502);
      forward(Duration.ofMinutes(6));
      assertThat(client.refresh(tokens.text("refresh_token")).status()).isEqualTo(200);
    }

    @Test
    void a_login_does_not() {
      client.connect(flow.alice());
      host.fail(path, 502);
      forward(Duration.ofMinutes(6));
      assertThat(authorized().status()).isEqualTo(503);
    }

    @Test
    void a_session_goes_on_for_a_day_after_the_document_was_seen_to_be_gone() {
      var first = client.connect(flow.alice()).text("refresh_token");
      host.fail(path, 410);
      forward(Duration.ofMinutes(6));
      var second = client.refresh(first);
      assertThat(second.status()).as(second.body()).isEqualTo(200);
      forward(Duration.ofHours(23));
      var third = client.refresh(second.text("refresh_token"));
      assertThat(third.status()).as(third.body()).isEqualTo(200);
      forward(Duration.ofHours(1));
      assertThat(client.refresh(third.text("refresh_token")).text("error"))
          .isEqualTo("invalid_client");
    }

    @Test
    void a_document_that_comes_back_within_the_day_is_as_if_it_had_never_been_gone() {
      var first = client.connect(flow.alice()).text("refresh_token");
      host.fail(path, 404);
      forward(Duration.ofMinutes(6));
      var second = client.refresh(first).text("refresh_token");
      host.publish(path, document());
      forward(Duration.ofMinutes(6));
      var third = client.refresh(second).text("refresh_token");
      host.fail(path, 404);
      forward(Duration.ofHours(25));
      assertThat(client.refresh(third).status()).isEqualTo(200);
    }

    @Test
    void a_session_ends_a_day_after_its_method_left_the_document() {
      var first = client.connect(flow.alice()).text("refresh_token");
      host.publish(path, SigningClient.document(id(), "https://a.example/cb"));
      forward(Duration.ofMinutes(6));
      var second = client.refresh(first);
      assertThat(second.status()).as(second.body()).isEqualTo(200);
      forward(Duration.ofHours(25));
      assertThat(client.refresh(second.text("refresh_token")).text("error"))
          .isEqualTo("invalid_client");
    }

    @Test
    void strangers_who_never_logged_in_leave_nothing_in_the_store() {
      var before = flow.store().size();
      authorized();
      client.refresh("ktr_x");
      assertThat(flow.store().size()).isEqualTo(before);
    }
  }

  private static long count(String kind) {
    return flow.audited().stream().filter(kind::equals).count();
  }
}
