package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.keyturn.given.FakeOAuth2;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Outcome;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AllowedLoginTest {
  private static final String DENIED = "access_denied: this account may not log in here";

  private final MovedClock clock = new MovedClock();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Vertx vertx;

  @BeforeEach
  void listen(Vertx vertx) {
    this.vertx = vertx;
    log.start();
    rootLogger().addAppender(log);
  }

  @AfterEach
  void stopListening() {
    rootLogger().detachAppender(log);
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class By_OpenID_Connect {
    private FakeOidc provider;
    private UpstreamOverBus upstream;

    @BeforeEach
    void start() {
      provider = FakeOidc.start(vertx, clock);
      provider.claims = claims -> claims.claim("groups", List.of("staff-secret"));
    }

    @Test
    void an_account_that_is_listed_logs_in() {
      deploy("{groups: [staff-secret]}", "");
      assertThat(login().identity().account()).isEqualTo("alice-1");
    }

    @Test
    void an_account_that_is_not_listed_is_refused() {
      deploy("{groups: [admins]}", "");
      assertThat(refusal(this::login)).isEqualTo(DENIED);
    }

    @Test
    void userinfo_is_judged_where_it_is_asked() {
      provider.userinfo.put("department", "research");
      deploy("{cel: \"claims.department == 'research'\"}", userinfo());
      assertThat(login().identity().account()).isEqualTo("alice-1");
    }

    @Test
    void an_id_token_counts_more_than_userinfo() {
      provider.userinfo.put("groups", "admins");
      deploy("{groups: [admins]}", userinfo());
      assertThat(refusal(this::login)).isEqualTo(DENIED);
    }

    @Test
    void a_number_keeps_every_digit() {
      provider.claims = claims -> claims.claim("employee", new BigInteger("36893488147419103233"));
      deploy("{cel: \"claims.employee == '36893488147419103233'\"}", "");
      assertThat(login().identity().account()).isEqualTo("alice-1");
    }

    @Test
    void a_refusal_is_logged_once_by_the_name_of_the_setting() {
      deploy("{groups: [admins]}", "");
      refusal(this::login);
      assertThat(logged())
          .containsExactly(
              List.of("upstream=\"default\"", "setting=\"allow.groups\"", "cause=\"not_listed\""));
    }

    @Test
    void a_refusal_logs_no_claim() {
      deploy("{cel: \"claims.name == claims.groups\"}", "");
      refusal(this::login);
      assertNothingIsTold("staff-secret", "Alice", "alice-1");
    }

    @Test
    void groups_that_were_too_many_to_be_listed_are_logged_as_that() {
      provider.claims = claims -> claims.claim("_claim_names", Map.of("groups", "src1"));
      deploy("{groups: [admins]}", "");
      refusal(this::login);
      assertThat(logged().get(0)).contains("cause=\"groups_overage\"");
    }

    @Test
    void a_refresh_of_an_account_that_is_listed_goes_on() {
      deploy("{groups: [staff-secret]}", "");
      var before = login();
      assertThat(refresh(before).accessToken()).isNotEqualTo(before.tokens().accessToken());
    }

    @Test
    void a_refresh_of_an_account_that_is_listed_no_more_is_refused() {
      deploy("{groups: [staff-secret]}", "");
      var before = login();
      provider.claims = claims -> claims.claim("groups", List.of("alumni"));
      assertThat(refusal(() -> refresh(before))).isEqualTo(DENIED);
    }

    @Test
    void a_refresh_without_an_id_token_is_not_judged() {
      deploy("{groups: [staff-secret]}", "");
      var before = login();
      provider.answer =
          tokens -> {
            tokens.remove("id_token");
            return tokens;
          };
      assertThat(refresh(before).accessToken()).startsWith("at-");
    }

    @Test
    void a_refresh_is_judged_by_userinfo_again() {
      provider.userinfo.put("department", "research");
      deploy("{cel: \"claims.department == 'research'\"}", userinfo());
      var before = login();
      assertThat(refresh(before).accessToken()).startsWith("at-");
      provider.userinfo.put("department", "sales");
      assertThat(refusal(() -> refresh(before))).isEqualTo(DENIED);
    }

    @Test
    void a_userinfo_in_trouble_at_a_refresh_is_an_outage() {
      deploy("{subjects: [alice-1]}", userinfo());
      var before = login();
      provider.userinfo = new JsonObject();
      assertThat(catchThrowableOfType(UnavailableException.class, () -> refresh(before)))
          .isNotNull();
    }

    private void deploy(String allow, String more) {
      upstream =
          GivenUpstream.deploy(
              vertx, GivenUpstream.oidc(provider, ", allow: " + allow, more), clock);
      await().pollInterval(Duration.ofMillis(5)).until(() -> Outcome.of(upstream.status()).ready());
    }

    private UpstreamLogin login() {
      var code = provider.authorize(Outcome.of(upstream.begin(request())).location());
      return Outcome.of(upstream.finish(answer(upstream, code)));
    }

    private UpstreamTokens refresh(UpstreamLogin before) {
      return GivenUpstream.refreshed(upstream, before);
    }

    private String userinfo() {
      return ", userinfo_override: {endpoint_url: '" + provider.issuer() + "/userinfo'}";
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class By_OAuth_2 {
    private FakeOAuth2 provider;
    private String more;

    @BeforeEach
    void start() {
      provider = FakeOAuth2.start(vertx);
      more =
          ", userinfo: {endpoint_url: '"
              + provider.url("/user")
              + "', field_mapping: {subject_fields: [id]}}";
    }

    @Test
    void an_account_that_is_listed_logs_in() {
      assertThat(login("{subjects: ['9007199254740993']}").identity().account())
          .isEqualTo("9007199254740993");
    }

    @Test
    void an_account_that_is_not_listed_is_refused() {
      assertThat(refusal(() -> login("{subjects: ['9007199254740992']}"))).isEqualTo(DENIED);
    }

    @Test
    void userinfo_is_what_is_judged() {
      assertThat(
              login("{cel: \"claims.login == 'alice' && claims.id == 9007199254740993\"}")
                  .identity()
                  .account())
          .isEqualTo("9007199254740993");
    }

    @Test
    void a_token_answer_that_names_the_person_is_what_is_judged() {
      more = ", identity_from_token: {subject_path: user.id}" + more;
      provider.token = "{\"access_token\":\"a\",\"user\":{\"id\":7},\"team\":\"T-secret\"}";
      assertThat(login("{cel: \"claims.team == 'T-secret'\"}").identity().account()).isEqualTo("7");
    }

    @Test
    void a_token_answer_that_fails_the_rule_is_refused() {
      more = ", identity_from_token: {subject_path: user.id}" + more;
      provider.token = "{\"access_token\":\"a\",\"user\":{\"id\":7},\"team\":\"T-secret\"}";
      assertThat(refusal(() -> login("{cel: \"claims.team == 'other'\"}"))).isEqualTo(DENIED);
    }

    @Test
    void a_refusal_logs_no_claim_and_no_token() {
      refusal(() -> login("{cel: \"claims.login == claims.missing\"}"));
      assertNothingIsTold("alice", "9007199254740993", "gho_1");
    }

    private UpstreamLogin login(String allow) {
      var config = GivenUpstream.oauth2(provider, ", allow: " + allow, more);
      var upstream = GivenUpstream.deploy(vertx, config, clock);
      return Outcome.of(upstream.finish(answer(upstream, "c")));
    }
  }

  private static String refusal(ThrowingCallable login) {
    return catchThrowableOfType(OAuthException.class, login).getMessage();
  }

  /** Only what a refused account leaves, without its opaque subject. */
  private List<List<String>> logged() {
    return events().stream()
        .filter(event -> event.getMessage().equals("account may not log in"))
        .map(
            event ->
                event.getKeyValuePairs().stream()
                    .filter(pair -> !pair.key.equals("subject"))
                    .map(Object::toString)
                    .toList())
        .toList();
  }

  private void assertNothingIsTold(String... values) {
    assertThat(logged()).hasSize(1);
    assertThat(events().stream().map(AllowedLoginTest::wholly).toList().toString())
        .doesNotContain(values);
  }

  private static String wholly(ILoggingEvent event) {
    return event.getFormattedMessage() + event.getKeyValuePairs() + event.getThrowableProxy();
  }

  private List<ILoggingEvent> events() {
    synchronized (log) {
      return List.copyOf(log.list);
    }
  }

  private static Logger rootLogger() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
