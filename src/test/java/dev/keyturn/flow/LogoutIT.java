package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.User;
import dev.keyturn.given.Wire;
import dev.keyturn.idp.Faults;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The end of logins: by the client, by the provider, and what follows. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LogoutIT {
  private static final String BYE = "https://bye.example/done?from=keyturn";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private static final List<JWTClaimsSet> TOLD = new CopyOnWriteArrayList<>();
  private static Vertx vertx;
  private static Flow flow;

  private final User alice = flow.alice();
  private final McpClient told = new McpClient(flow, "told", "https://told.example/callback");

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    var port = FreePorts.next();
    done(
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .setExpectMultipart(true)
                        .endHandler(
                            end -> {
                              var token = request.getFormAttribute("logout_token");
                              TOLD.add(GivenSessions.claims(token));
                              request.response().end();
                            }))
            .listen(port, "127.0.0.1"));
    flow =
        Flow.started(
            Plan.USUAL.withClients(
                """
                - {client_id: told, client_name: Told, redirect_uris: ["https://told.example/callback"],
                    post_logout_redirect_uris: ["%s"],
                    backchannel_logout_uri: "http://127.0.0.1:%d/told"}
                """
                    .formatted(BYE, port)));
    flow.idp().behave(naming("session-of-alice"));
  }

  @AfterAll
  static void stop() {
    flow.close();
    done(vertx.close());
  }

  private static Faults naming(String sid) {
    return Faults.idTokens(claims -> claims.claim("sid", sid));
  }

  private static String sidOf(Answer tokens) {
    return (String) GivenSessions.claims(tokens.text("access_token")).getClaim("sid");
  }

  private static boolean isLive(McpClient client, Answer tokens) {
    flow.clock().forward(Duration.ofSeconds(2));
    return client.call(tokens.text("access_token")).status() == 200;
  }

  @Nested
  class By_the_client {
    private final Answer tokens = told.connect(alice);

    private Answer logOut(Form form) {
      return alice.browser().open(flow.browserUrl("/oauth/logout?" + form.encoded()));
    }

    private Form hinted() {
      return Form.of("id_token_hint", tokens.text("id_token"));
    }

    @Test
    void that_shows_its_id_token_the_session_ends_without_a_question() {
      var page = logOut(hinted());
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("You are logged out");
      assertThat(isLive(told, tokens)).isFalse();
    }

    @Test
    void other_sessions_of_the_person_go_on() {
      var other = told.connect(flow.alice());
      logOut(hinted());
      assertThat(isLive(told, other)).isTrue();
    }

    @Test
    void the_person_is_led_to_where_the_client_has_registered() {
      var answer = logOut(hinted().and("post_logout_redirect_uri", BYE).and("state", "a b"));
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.location().toString()).isEqualTo(BYE + "&state=a+b");
    }

    @Test
    void the_longest_state_is_given_back() {
      var state = "s".repeat(2048);
      var answer = logOut(hinted().and("post_logout_redirect_uri", BYE).and("state", state));
      assertThat(answer.location().toString()).isEqualTo(BYE + "&state=" + state);
    }

    @Test
    void a_longer_state_is_refused_and_nothing_ends() {
      var state = "s".repeat(2049);
      var answer = logOut(hinted().and("post_logout_redirect_uri", BYE).and("state", state));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("state must be at most 2048 characters long");
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void nobody_is_led_elsewhere_and_nothing_ends() {
      var answer = logOut(hinted().and("post_logout_redirect_uri", "https://bye.example/done"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Location")).isEmpty();
      assertThat(answer.body()).contains("post_logout_redirect_uri is not among");
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void an_address_of_nobody_is_refused() {
      var answer = logOut(Form.of("post_logout_redirect_uri", BYE));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("needs id_token_hint or client_id");
    }

    @Test
    void a_hint_for_another_client_than_the_named_one_is_refused() {
      var answer = logOut(hinted().and("client_id", "desk"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void the_account_page_is_closed_afterwards() {
      logOut(hinted());
      assertThat(alice.browser().open(flow.browserUrl("/oauth/account")).body())
          .contains("Log in to see");
    }

    @Test
    void without_its_id_token_the_person_is_asked() {
      var page = logOut(Form.of("client_id", "told"));
      assertThat(page.body()).contains("Log out?", "Told has led you here");
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void a_client_that_says_nothing_usable_of_itself_is_none() {
      var page = logOut(Form.of("client_id", "https://127.0.0.1/client.json"));
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("A link has led you here to log out.");
    }

    @Test
    void a_forged_id_token_is_none() {
      var page = logOut(Form.of("id_token_hint", tokens.text("id_token") + "x"));
      assertThat(page.body()).contains("Log out?");
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void whoever_agrees_is_logged_out_of_that_client() {
      var page = logOut(Form.of("client_id", "told", "post_logout_redirect_uri", BYE));
      var answer = alice.browser().press(page, "Log out");
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.location().toString()).isEqualTo(BYE);
      assertThat(isLive(told, tokens)).isFalse();
    }

    @Test
    void whoever_agrees_too_late_is_not_told_that_the_client_is_logged_out() {
      flow.clock().forward(Duration.ofMinutes(16));
      var page = logOut(Form.of("client_id", "told"));
      var answer = alice.browser().press(page, "Log out");
      assertThat(answer.body())
          .contains("This browser has forgotten you", "No connection of an application was ended")
          .doesNotContain("You are logged out");
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void whoever_agrees_where_no_client_is_named_is_not_told_that_one_is_logged_out() {
      var answer = alice.browser().press(logOut(Form.of()), "Log out");
      assertThat(answer.body())
          .contains("This browser has forgotten you")
          .doesNotContain("You are logged out");
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void whoever_does_not_agree_stays_and_is_led_nowhere() {
      var page = logOut(Form.of("client_id", "told", "post_logout_redirect_uri", BYE));
      var answer = alice.browser().press(page, "Stay logged in");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void nobody_agrees_in_the_name_of_somebody_else() {
      var page = logOut(Form.of("client_id", "told"));
      var form = alice.browser().form(page, "Log out");
      var forged =
          alice
              .browser()
              .submit(URI.create("https://evil.example/x"), flow.browserUrl("/oauth/logout"), form);
      assertThat(forged.status()).isEqualTo(403);
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void the_client_is_told_whose_session_has_ended() {
      logOut(hinted());
      await().untilAsserted(() -> assertThat(sessionsTold()).contains(sidOf(tokens)));
      var claims = TOLD.get(sessionsTold().indexOf(sidOf(tokens)));
      assertThat(claims.getIssuer()).isEqualTo(flow.issuer());
      assertThat(claims.getAudience()).containsExactly("told");
      assertThat(claims.getClaim("events")).isEqualTo(Map.of(EVENT, Map.of()));
      assertThat(claims.getClaim("nonce")).isNull();
      assertThat(claims.getJWTID()).isNotBlank();
    }
  }

  @Nested
  class By_a_stranger {
    private static final String SITE = "https://stranger.example/out";
    private static final String APPLICATION = "com.example.app:/out";
    private static final String LOOPBACK = "http://127.0.0.1:7777/out";

    private final McpClient stranger = registered();
    private final Answer tokens = stranger.connect(alice);

    private static McpClient registered() {
      var callback = "https://stranger.example/callback";
      var metadata =
          new JsonObject()
              .put("client_name", "Some Editor")
              .put("redirect_uris", new JsonArray().add(callback))
              .put("post_logout_redirect_uris", JsonArray.of(SITE, APPLICATION, LOOPBACK))
              .put("token_endpoint_auth_method", "none");
      var answer = new Wire().postJson(flow.url("/oauth/register"), Map.of(), metadata.encode());
      return new McpClient(flow, answer.text("client_id"), callback);
    }

    private Answer logOut(Form form) {
      return alice.browser().open(flow.browserUrl("/oauth/logout?" + form.encoded()));
    }

    private Answer logOutTo(String uri) {
      return logOut(
          Form.of("id_token_hint", tokens.text("id_token"), "post_logout_redirect_uri", uri)
              .and("state", "a b"));
    }

    @Test
    void nobody_is_led_on_without_a_click_even_with_its_own_id_token() {
      var page = logOutTo(SITE);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Location")).isEmpty();
      assertThat(page.body()).contains("You are logged out");
      assertThat(isLive(stranger, tokens)).isFalse();
    }

    @Test
    void the_link_back_names_the_host() {
      var page = logOutTo(SITE);
      assertThat(page.linkText()).isEqualTo("Back to stranger.example");
      assertThat(page.link().toString()).isEqualTo(SITE + "?state=a+b");
    }

    @Test
    void the_question_names_the_host() {
      var page = logOut(Form.of("client_id", stranger.id(), "post_logout_redirect_uri", SITE));
      assertThat(page.body()).contains("Log out?", "Afterwards it goes on to stranger.example.");
    }

    @Test
    void nobody_is_led_on_by_the_answer_to_the_question() {
      var page = logOut(Form.of("client_id", stranger.id(), "post_logout_redirect_uri", SITE));
      var answer = alice.browser().press(page, "Log out");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.linkText()).isEqualTo("Back to stranger.example");
      assertThat(isLive(stranger, tokens)).isFalse();
    }

    @Test
    void an_application_of_the_persons_machine_is_opened_by_a_link() {
      var page = logOutTo(APPLICATION);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.linkText()).isEqualTo("Open the application");
      assertThat(page.link().toString()).isEqualTo(APPLICATION + "?state=a+b");
    }

    @Test
    void a_program_that_listens_on_the_persons_machine_is_led_to_directly() {
      assertThat(logOutTo(LOOPBACK).location().toString()).isEqualTo(LOOPBACK + "?state=a+b");
    }
  }

  private static List<Object> sessionsTold() {
    return TOLD.stream().map(claims -> claims.getClaim("sid")).toList();
  }

  @Nested
  class By_the_provider {
    private final Answer tokens = told.connect(alice);

    private JWTClaimsSet.Builder claims() {
      var now = flow.clock().instant();
      return new JWTClaimsSet.Builder()
          .issuer(flow.provider().toString())
          .audience("keyturn")
          .subject("u-alice")
          .issueTime(Date.from(now))
          .expirationTime(Date.from(now.plusSeconds(120)))
          .jwtID("jti-" + System.nanoTime())
          .claim("events", Map.of(EVENT, Map.of()));
    }

    private Answer send(UnaryOperator<JWTClaimsSet.Builder> change) {
      var token = done(flow.idp().logoutToken(change.apply(claims()).build()));
      return send(token);
    }

    private Answer send(String token) {
      return new Wire().post(flow.url("/oauth/backchannel-logout"), Form.of("logout_token", token));
    }

    @Test
    void that_names_the_login_the_sessions_that_began_with_it_end() {
      assertThat(send(claims -> claims.claim("sid", "session-of-alice")).status()).isEqualTo(200);
      assertThat(isLive(told, tokens)).isFalse();
    }

    @Test
    void sessions_that_began_with_another_login_go_on() {
      flow.idp().behave(naming("another"));
      var other = told.connect(flow.alice());
      flow.idp().behave(naming("session-of-alice"));
      send(claims -> claims.claim("sid", "session-of-alice"));
      assertThat(isLive(told, other)).isTrue();
      assertThat(isLive(told, tokens)).isFalse();
    }

    @Test
    void that_names_the_person_all_of_them_end() {
      assertThat(send(claims -> claims).status()).isEqualTo(200);
      assertThat(isLive(told, tokens)).isFalse();
    }

    @Test
    void a_login_that_was_never_heard_of_stands_for_the_person() {
      send(claims -> claims.claim("sid", "never-heard-of"));
      assertThat(isLive(told, tokens)).isFalse();
    }

    @Test
    void somebody_else_goes_on() {
      send(claims -> claims.subject("u-bob"));
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void a_token_is_good_for_one_time() {
      var token = done(flow.idp().logoutToken(claims().subject("u-bob").build()));
      assertThat(send(token).status()).isEqualTo(200);
      var again = send(token);
      assertThat(again.status()).isEqualTo(400);
      assertThat(again.body()).contains("used before");
    }

    @Test
    void a_token_that_is_not_good_is_refused_and_ends_nothing() {
      var answer = send(claims -> claims.issuer("https://evil.example"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("wrong_iss");
      assertThat(answer.header("Cache-Control")).contains("no-store");
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void the_id_token_of_the_person_logs_nobody_out() {
      assertThat(send(tokens.text("id_token")).status()).isEqualTo(400);
      assertThat(isLive(told, tokens)).isTrue();
    }

    @Test
    void a_request_without_a_token_is_refused_by_name() {
      var answer = new Wire().post(flow.url("/oauth/backchannel-logout"), Form.of("x", "y"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("logout_token is missing");
    }
  }

  @Nested
  class The_providers_tokens {
    private final User bob = new User(flow.browser(), Flow.BOB);

    private Answer connected() {
      return told.connect(bob);
    }

    private static long revocations() {
      return flow.audited().stream().filter("upstream.revoked"::equals).count();
    }

    private void end(Answer tokens) {
      new Wire()
          .post(
              flow.url("/oauth/revoke"),
              Form.of("client_id", "told", "token", tokens.text("refresh_token")));
    }

    @Test
    void are_given_back_with_the_last_session() {
      var first = connected();
      var second = told.connect(new User(flow.browser(), Flow.BOB));
      flow.clock().forward(Duration.ofMinutes(11));
      var before = revocations();
      end(first);
      assertThat(isLive(told, second)).isTrue();
      assertThat(revocations()).isEqualTo(before);
      end(second);
      await().untilAsserted(() -> assertThat(revocations()).isEqualTo(before + 1));
      assertThat(flow.outcomes()).contains("revoked");
    }

    @Test
    void are_not_on_the_account_page_any_more() {
      end(connected());
      await()
          .untilAsserted(
              () ->
                  assertThat(bob.browser().open(flow.browserUrl("/oauth/account")).body())
                      .contains("There are none."));
    }

    @Test
    void come_back_with_the_next_login() {
      var before = revocations();
      end(connected());
      await().untilAsserted(() -> assertThat(revocations()).isEqualTo(before + 1));
      var again = told.connect(new User(flow.browser(), Flow.BOB));
      assertThat(isLive(told, again)).isTrue();
    }
  }

  @Test
  void the_metadata_names_all_of_it() {
    var metadata =
        new JsonObject(new Wire().get(flow.url("/.well-known/openid-configuration")).body());
    assertThat(metadata.getString("end_session_endpoint"))
        .isEqualTo(flow.browserUrl("/oauth/logout").toString());
    assertThat(metadata.getBoolean("backchannel_logout_supported")).isTrue();
    assertThat(metadata.getBoolean("backchannel_logout_session_supported")).isTrue();
  }
}
