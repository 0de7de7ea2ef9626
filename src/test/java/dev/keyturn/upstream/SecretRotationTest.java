package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.PREFIX;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.oauth2With;
import static dev.keyturn.upstream.GivenUpstream.oidcWith;
import static dev.keyturn.upstream.GivenUpstream.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.keyturn.given.FakeOAuth2;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Outcome;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A client secret changes at the provider and here, in whichever order, and nobody notices. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SecretRotationTest {
  private static final int MANY = 50;
  private static final String BASIC = ", token_endpoint_auth_method: client_secret_basic";

  private final MovedClock clock = new MovedClock();
  private Vertx vertx;
  private FakeOidc provider;
  private UpstreamOverBus upstream;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    provider = FakeOidc.start(vertx, clock);
    provider.secrets.are("one");
    deploy("");
  }

  @Test
  void logins_go_on_while_our_secret_changes_first() {
    var before = manyLogins();
    change("two");
    var after = manyLogins();
    await().until(() -> provider.secrets.shown.contains("two"));
    provider.secrets.are("one", "two");
    assertThat(outcomes(before)).hasSize(MANY);
    assertThat(outcomes(after)).hasSize(MANY);
    provider.secrets.are("two");
    login();
  }

  @Test
  void logins_go_on_while_the_secret_changes_at_the_provider_first() {
    var logins = manyLogins();
    provider.secrets.are("one", "two");
    await().until(() -> provider.secrets.shown.size() > 5);
    change("two");
    provider.secrets.are("two");
    assertThat(outcomes(logins)).hasSize(MANY);
  }

  @Test
  void refreshes_go_on_while_our_secret_changes_first() {
    var login = login();
    var before = manyRefreshes(login);
    change("two");
    var after = manyRefreshes(login);
    await().until(() -> provider.secrets.shown.contains("two"));
    provider.secrets.are("one", "two");
    assertThat(outcomes(before)).hasSize(MANY);
    assertThat(outcomes(after)).hasSize(MANY);
    provider.secrets.are("two");
    login();
  }

  @Test
  void refreshes_go_on_while_the_secret_changes_at_the_provider_first() {
    var refreshes = manyRefreshes(login());
    provider.secrets.are("one", "two");
    change("two");
    provider.secrets.are("two");
    assertThat(outcomes(refreshes)).hasSize(MANY);
  }

  @Test
  void requests_that_were_sent_with_the_old_secret_are_repeated_with_the_new_one() {
    provider.tokenGate.shut();
    var logins = manyLogins();
    await().until(() -> provider.tokenGate.held() > 5);
    change("two");
    provider.secrets.are("two");
    provider.tokenGate.open();
    assertThat(outcomes(logins)).hasSize(MANY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", BASIC})
  void a_code_is_redeemed_with_the_previous_secret(String method) {
    change("two", method);
    assertThat(login().identity().account()).isEqualTo("alice-1");
    assertThat(provider.secrets.shown).containsExactly("two", "one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", BASIC})
  void a_refresh_token_is_redeemed_with_the_previous_secret(String method) {
    var before = login();
    change("two", method);
    refresh(before);
    assertThat(provider.secrets.shown).containsExactly("one", "two", "one");
  }

  @Test
  void a_provider_that_says_no_at_status_200_is_tried_again(Vertx vertx) {
    var hub = FakeOAuth2.start(vertx);
    hub.secrets.are("one");
    var config = oauth2With("one", hub, ", scopes: [repo]");
    upstream.reconfigure(config);
    await().until(() -> begin().location().toString().startsWith(hub.url("")));
    Outcome.of(upstream.reconfigure(oauth2With("two", hub, ", scopes: [repo]")));
    assertThat(Outcome.of(upstream.finish(answer(upstream, "c"))).tokens().accessToken())
        .isEqualTo("gho_1");
  }

  @Test
  void the_same_code_is_sent_both_times() {
    change("two");
    login();
    assertThat(provider.tokenForms.get(0).get("code"))
        .isEqualTo(provider.tokenForms.get(1).get("code"));
  }

  @Test
  void a_login_is_refused_where_neither_secret_is_known() {
    change("two");
    provider.secrets.are("three");
    assertThat(catchThrowableOfType(OAuthException.class, this::login)).isNotNull();
    assertThat(provider.secrets.shown).containsExactly("two", "one");
  }

  @Test
  void a_refresh_where_neither_secret_is_known_is_our_fault_and_no_definite_no() {
    var before = login();
    change("two");
    provider.secrets.are("three");
    assertThat(catchThrowableOfType(UnavailableException.class, () -> refresh(before))).isNotNull();
  }

  @Test
  void the_outcomes_are_told_on_the_bus() {
    List<ClientProof> told = new CopyOnWriteArrayList<>();
    Outcome.of(UpstreamOverBus.proved(PREFIX).listen(vertx, told::add).completion());
    change("two");
    login();
    await()
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly(
                        new ClientProof("default", ClientProof.Outcome.PREVIOUS_ACCEPTED)));
  }

  @Test
  void that_the_provider_lags_behind_is_logged_once_per_change_and_without_a_secret() {
    var log = new ListAppender<ILoggingEvent>();
    var logger = (Logger) LoggerFactory.getLogger(ClientSecrets.class);
    log.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
    change("two");
    login();
    login();
    provider.secrets.are("two");
    login();
    login();
    logger.detachAppender(log);
    assertThat(log.list)
        .extracting(event -> event.getLevel() + " " + event.getKeyValuePairs())
        .containsExactly(
            "WARN [upstream=\"default\", client=\"keyturn\"]",
            "INFO [upstream=\"default\", client=\"keyturn\"]");
  }

  @Test
  void ten_changes_of_the_secret_keep_what_is_known_of_the_provider() {
    login();
    for (int i = 0; i < 10; i++) {
      change("secret-" + i);
      provider.secrets.are("secret-" + i);
      login();
    }
    assertThat(provider.metadataRequests).hasValue(1);
    assertThat(provider.keyRequests).hasValue(1);
    assertThat(provider.connections.ever()).isLessThan(10);
  }

  private List<Future<UpstreamLogin>> manyLogins() {
    return IntStream.range(0, MANY)
        .mapToObj(i -> upstream.begin(request()))
        .map(Outcome::of)
        .toList()
        .stream()
        .map(begun -> upstream.finish(answer(begun, provider.authorize(begun.location()))))
        .toList();
  }

  private List<Future<UpstreamTokens>> manyRefreshes(UpstreamLogin before) {
    return IntStream.range(0, MANY)
        .mapToObj(i -> upstream.redeem(before.tokens(), before.identity(), ""))
        .map(told -> told.map(answer -> ((RefreshAnswer.Redeemed) answer).fresh()))
        .toList();
  }

  private static <T> List<T> outcomes(List<Future<T>> futures) {
    return futures.stream().map(Outcome::of).toList();
  }

  private void deploy(String more) {
    upstream = GivenUpstream.deploy(vertx, oidcWith("one", provider.issuer(), more), clock);
    await().until(() -> Outcome.of(upstream.status()).ready());
  }

  private void change(String secret) {
    change(secret, "");
  }

  private void change(String secret, String more) {
    Outcome.of(upstream.reconfigure(oidcWith(secret, provider.issuer(), more)));
  }

  private LoginBegun begin() {
    return Outcome.of(upstream.begin(request()));
  }

  private UpstreamLogin login() {
    var begun = begin();
    return Outcome.of(upstream.finish(answer(begun, provider.authorize(begun.location()))));
  }

  private UpstreamTokens refresh(UpstreamLogin before) {
    return GivenUpstream.refreshed(upstream, before);
  }
}
