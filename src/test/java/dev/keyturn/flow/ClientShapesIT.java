package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.ClientShape;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.Plan;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that look like the real ones go the whole way, from registration, or a document of
 * theirs, to a step-up.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientShapesIT {
  private static final String SCOPE = "mcp:tools";

  private static MetadataHost host;
  private static Flow flow;

  @BeforeAll
  static void start() {
    host = MetadataHost.started("apps.example");
    flow = Flow.started(Plan.USUAL.with(host.setting("fetches_per_minute: 100000")));
  }

  @AfterAll
  static void stop() {
    flow.close();
    host.close();
  }

  static Stream<Arguments> shapes() {
    return ClientShape.all()
        .flatMap(shape -> Stream.of(Way.values()).map(way -> Arguments.of(shape, way)));
  }

  static Stream<ClientShape> registered() {
    return ClientShape.all();
  }

  /** How a client becomes known. */
  enum Way {
    REGISTRATION,
    DOCUMENT;

    McpClient introduced(ClientShape shape) {
      return this == REGISTRATION ? shape.registered(flow) : shape.published(flow, host);
    }
  }

  /** What a client is handed: by a redirect, or behind the button that opens the application. */
  private static String code(Answer handed) {
    var target = handed.status() == 200 ? handed.link() : handed.location();
    return String.join("|", new QueryStringDecoder(target).parameters().get("code"));
  }

  /** Who has allowed some of it before is shown the whole once more, now that it is known who. */
  private static Answer logIn(URI link) {
    var alice = flow.alice();
    var answer = alice.logIn(link);
    return answer.status() == 200 && answer.body().contains("<title>Allow ")
        ? alice.browser().press(answer, "Allow")
        : answer;
  }

  private static Answer connect(McpClient client, Form request) {
    var code = code(logIn(client.authorize(request)));
    var tokens = client.token(client.redemption(code));
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    return tokens;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void registers_logs_in_and_calls_a_tool(ClientShape shape, Way way) {
    var client = way.introduced(shape);
    var tokens = connect(client, client.request());
    assertThat(client.call(tokens.text("access_token")).body()).contains("Alice Liddell");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void comes_back_where_it_said(ClientShape shape, Way way) {
    var client = way.introduced(shape);
    var handed = logIn(client.authorize());
    var target = handed.status() == 200 ? handed.link() : handed.location();
    assertThat(target.toString()).startsWith(shape.callback() + "?code=ktc_");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void refreshes_although_it_never_asked_for_offline_access(ClientShape shape, Way way) {
    var client = way.introduced(shape);
    var tokens = connect(client, client.request().with("scope", SCOPE));
    var next = client.refresh(tokens.text("refresh_token"));
    assertThat(next.status()).as(next.body()).isEqualTo(200);
    assertThat(client.call(next.text("access_token")).status()).isEqualTo(200);
  }

  /** Whatever scope it registered, it is granted what it asks for later. */
  @ParameterizedTest
  @MethodSource("shapes")
  void steps_up_with_the_client_id_that_it_has(ClientShape shape, Way way) {
    var client = way.introduced(shape.unmet());
    var narrow = connect(client, client.request().with("scope", "openid"));
    var refused = client.call(narrow.text("access_token"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("WWW-Authenticate").orElse(""))
        .contains("error=\"insufficient_scope\"", "scope=\"" + SCOPE + "\"");
    var wide = connect(client, stepUp(shape, client.request()));
    assertThat(client.call(wide.text("access_token")).status()).isEqualTo(200);
  }

  private static Form stepUp(ClientShape shape, Form request) {
    return shape.union()
        ? request.with("scope", "openid " + SCOPE + " offline_access").with("prompt", "consent")
        : request.with("scope", SCOPE);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void is_granted_the_usual_where_it_names_no_scope(ClientShape shape, Way way) {
    var client = way.introduced(shape);
    var tokens = connect(client, client.request().without("scope"));
    assertThat(Arrays.asList(tokens.text("scope").split(" "))).contains(SCOPE);
  }

  @ParameterizedTest
  @MethodSource("registered")
  void is_told_to_register_anew_where_its_record_is_lost(ClientShape shape) {
    var client = new McpClient(flow, "A".repeat(43), shape.callback());
    var answer = client.refresh("ktr_lost");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text("error")).isEqualTo("invalid_client");
    assertThat(flow.alice().consentPage(client.authorize()).header("Location")).isEmpty();
  }
}
