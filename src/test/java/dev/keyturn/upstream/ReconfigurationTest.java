package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.PREFIX;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.oauth2With;
import static dev.keyturn.upstream.GivenUpstream.oidcWith;
import static dev.keyturn.upstream.GivenUpstream.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.given.FakeOAuth2;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Outcome;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The configuration of an upstream changes while it is used. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReconfigurationTest {
  private final MovedClock clock = new MovedClock();
  private final List<UpstreamStatus> news = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private FakeOidc provider;
  private FakeOidc other;
  private FakeOAuth2 hub;
  private UpstreamOverBus upstream;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    provider = FakeOidc.start(vertx, clock);
    other = FakeOidc.start(vertx, clock);
    hub = FakeOAuth2.start(vertx);
    upstream = GivenUpstream.deploy(vertx, at(provider, ""), clock);
    await().until(() -> status().ready());
    Outcome.of(UpstreamOverBus.changed(PREFIX).listen(vertx, news::add).completion());
  }

  @Test
  void an_equal_configuration_changes_nothing() {
    change(at(provider, ""));
    login(provider);
    assertThat(provider.metadataRequests).hasValue(1);
    assertThat(news).isEmpty();
  }

  @Test
  void other_parameters_are_sent_from_now_on() {
    change(at(provider, ", additional_authorization_params: {audience: api}"));
    assertThat(begin().location().toString()).contains("audience=api");
  }

  @Test
  void another_rule_about_who_may_log_in_holds_from_now_on() {
    change(GivenUpstream.oidc(provider, ", allow: {subjects: [bob]}", ""));
    assertThat(refusal(() -> login(provider))).isEqualTo(ErrorCode.ACCESS_DENIED);
  }

  @Test
  void a_login_is_finished_with_the_redirect_uri_that_it_was_begun_with() {
    var begun = begin();
    change(at(provider, ", redirect_uri: 'https://keyturn.example/elsewhere'"));
    finish(begun, provider);
    assertThat(provider.tokenForms.get(0).get("redirect_uri")).isEqualTo(GivenUpstream.CALLBACK);
  }

  @Test
  void a_login_is_finished_by_the_client_that_began_it() {
    var begun = begin();
    change(asClient("another"));
    finish(begun, provider);
    assertThat(provider.tokenForms.get(0).get("client_id")).isEqualTo("keyturn");
  }

  @Test
  void a_login_begins_as_the_new_client() {
    change(asClient("another"));
    assertThat(begin().location().toString()).contains("client_id=another");
  }

  @Test
  void a_login_is_granted_what_it_asked_for_where_the_provider_does_not_say() {
    var begun = begin();
    change(at(provider, ", scopes: [openid, more]"));
    assertThat(finish(begun, provider).tokens().scopes().contains("more")).isFalse();
  }

  @Test
  void a_refresh_that_asks_for_more_than_the_login_is_repeated_without_scopes() {
    var before = login(provider);
    change(at(provider, ", scopes: [openid, more]"));
    provider.refuseScope("more");
    assertThat(refresh(before).accessToken()).isNotEqualTo(before.tokens().accessToken());
  }

  @Test
  void another_provider_takes_over_when_it_is_ready() {
    change(at(other, ""));
    awaitServed(other.issuer());
    login(other);
    assertThat(status()).isEqualTo(new UpstreamStatus("default", true, Optional.empty()));
  }

  @Test
  void a_provider_that_is_down_keeps_the_old_one_serving() {
    other.status = 503;
    change(at(other, ""));
    await().until(() -> other.connections.ever() > 0);
    assertThat(login(provider).identity().account()).isEqualTo("alice-1");
  }

  @Test
  void a_configuration_that_waits_says_why() {
    other.status = 503;
    change(at(other, ""));
    await().until(() -> status().waiting().orElse("").contains("status 503"));
    assertThat(status().ready()).isTrue();
  }

  @Test
  void a_configuration_that_waits_is_announced() {
    other.status = 503;
    change(at(other, ""));
    await().until(() -> news.stream().anyMatch(told -> told.waiting().isPresent()));
  }

  @Test
  void a_provider_that_comes_up_takes_over() {
    other.status = 503;
    change(at(other, ""));
    other.status = 200;
    awaitServed(other.issuer());
    assertThat(status().waiting()).isEmpty();
  }

  @Test
  void a_change_that_is_taken_back_ends_the_waiting() {
    other.status = 503;
    change(at(other, ""));
    assertThat(change(at(provider, "")).waiting()).isEmpty();
    await().until(() -> other.connections.now() == 0);
  }

  @Test
  void a_third_configuration_replaces_the_one_that_waits() {
    var third = FakeOidc.start(vertx, clock);
    other.status = 503;
    change(at(other, ""));
    await().until(() -> other.connections.ever() > 0);
    change(at(third, ""));
    awaitServed(third.issuer());
    await().until(() -> other.connections.now() == 0);
  }

  @Test
  void nobody_asks_for_a_configuration_that_waited_in_vain() {
    other.status = 503;
    change(at(other, ""));
    var third = FakeOidc.start(vertx, clock);
    third.status = 503;
    change(at(third, ""));
    await().until(() -> other.connections.now() == 0);
    var asked = other.requests.get();
    var now = third.requests.get();
    await().until(() -> third.requests.get() > now + 5);
    assertThat(other.requests).hasValue(asked);
  }

  @Test
  void a_configuration_that_waits_can_change_itself() {
    other.status = 503;
    change(at(other, ""));
    change(at(other, ", additional_authorization_params: {audience: api}"));
    other.status = 200;
    awaitServed(other.issuer());
    assertThat(begin().location().toString()).contains("audience=api");
  }

  @Test
  void requests_under_way_finish_before_the_connections_are_closed() {
    provider.tokenGate.shut();
    var begun = begin();
    var login = upstream.finish(answer(begun, provider.authorize(begun.location())));
    await().until(() -> provider.tokenGate.held() == 1);
    change(at(other, ""));
    awaitServed(other.issuer());
    provider.tokenGate.open();
    assertThat(Outcome.of(login).identity().account()).isEqualTo("alice-1");
  }

  @Test
  void connections_to_the_old_provider_are_closed() {
    login(provider);
    change(at(other, ""));
    awaitServed(other.issuer());
    await().until(() -> provider.connections.now() == 0);
  }

  @Test
  void a_login_at_the_old_provider_is_to_be_begun_again() {
    var begun = begin();
    change(at(other, ""));
    awaitServed(other.issuer());
    var refusal = catchThrowableOfType(OAuthException.class, () -> finish(begun, provider));
    assertThat(refusal.error().code()).isEqualTo(ErrorCode.TEMPORARILY_UNAVAILABLE);
    assertThat(refusal.error().description()).contains("log in again");
  }

  @Test
  void a_code_of_the_old_provider_is_not_sent_to_the_new_one() {
    var begun = begin();
    change(at(other, ""));
    awaitServed(other.issuer());
    refusal(() -> finish(begun, provider));
    assertThat(other.tokenForms).isEmpty();
  }

  @Test
  void a_refresh_token_of_the_old_provider_is_not_sent_to_the_new_one() {
    var before = login(provider);
    change(at(other, ""));
    awaitServed(other.issuer());
    assertThat(refusal(() -> refresh(before))).isEqualTo(ErrorCode.INVALID_GRANT);
    assertThat(other.tokenForms).isEmpty();
  }

  @Test
  void an_openid_provider_is_followed_by_one_of_oauth_2() {
    change(oauth2With("s", hub, ", scopes: [repo]"));
    assertThat(begin().location().toString()).startsWith(hub.url("/login"));
  }

  @Test
  void a_provider_of_oauth_2_is_followed_by_an_openid_provider() {
    change(oauth2With("s", hub, ""));
    change(at(other, ""));
    awaitServed(other.issuer());
    assertThat(login(other).identity().account()).isEqualTo("alice-1");
  }

  @Test
  void a_login_at_an_openid_provider_is_not_finished_at_one_of_oauth_2() {
    var begun = begin();
    change(oauth2With("s", hub, ""));
    assertThat(refusal(() -> finish(begun, provider))).isEqualTo(ErrorCode.TEMPORARILY_UNAVAILABLE);
    assertThat(hub.tokenForms).isEmpty();
  }

  @Test
  void a_refresh_token_of_an_openid_provider_is_not_sent_to_one_of_oauth_2() {
    var before = login(provider);
    change(oauth2With("s", hub, ""));
    refusal(() -> refresh(before));
    assertThat(hub.tokenForms).isEmpty();
  }

  @Test
  void the_same_provider_over_other_connections_keeps_its_logins_and_secrets() {
    provider.secrets.are("one");
    change(oidcWith("one", provider.issuer(), ""));
    login(provider);
    var begun = begin();
    change(oidcWith("two", provider.issuer(), ", allow_private_ips: true"));
    await().until(() -> provider.metadataRequests.get() == 2 && status().waiting().isEmpty());
    assertThat(finish(begun, provider).identity().account()).isEqualTo("alice-1");
  }

  @Test
  void where_logins_were_never_possible_the_new_configuration_is_in_force_at_once() {
    vertx.deploymentIDs().forEach(id -> Outcome.of(vertx.undeploy(id)));
    provider.status = 503;
    upstream = GivenUpstream.deploy(vertx, at(provider, ""), clock);
    other.status = 404;
    change(at(other, ""));
    await().until(() -> status().reason().orElse("").contains("status 404"));
    assertThat(status().waiting()).isEmpty();
  }

  @Test
  void of_many_changes_at_once_the_last_one_counts() {
    var changes =
        IntStream.range(0, 21)
            .mapToObj(i -> upstream.reconfigure(at(i % 2 == 0 ? other : provider, "")))
            .toList();
    Outcome.of(Future.all(changes));
    awaitServed(other.issuer());
    await().until(() -> provider.connections.now() == 0);
  }

  @Test
  void nothing_is_left_when_the_owner_stops() {
    other.status = 503;
    change(at(other, ""));
    await().until(() -> other.connections.ever() > 0);
    vertx.deploymentIDs().forEach(id -> Outcome.of(vertx.undeploy(id)));
    await().until(() -> provider.connections.now() + other.connections.now() == 0);
  }

  @Test
  void a_configuration_of_another_name_is_refused() {
    assertThat(
            catchThrowableOfType(
                IllegalArgumentException.class,
                () -> change(GivenUpstream.oidc(other, ", name: other", ""))))
        .hasMessageContaining("another owner");
  }

  private UpstreamStatus change(UpstreamConfig next) {
    return Outcome.of(upstream.reconfigure(next));
  }

  private void awaitServed(String url) {
    await().until(() -> begin().location().toString().startsWith(url));
  }

  private UpstreamStatus status() {
    return Outcome.of(upstream.status());
  }

  private LoginBegun begin() {
    return Outcome.of(upstream.begin(request()));
  }

  private UpstreamLogin login(FakeOidc at) {
    return finish(begin(), at);
  }

  private UpstreamLogin finish(LoginBegun begun, FakeOidc at) {
    return Outcome.of(upstream.finish(answer(begun, at.authorize(begun.location()))));
  }

  private UpstreamTokens refresh(UpstreamLogin before) {
    return GivenUpstream.refreshed(upstream, before);
  }

  private static ErrorCode refusal(ThrowingCallable asked) {
    return catchThrowableOfType(OAuthException.class, asked).error().code();
  }

  private static UpstreamConfig at(FakeOidc provider, String more) {
    return GivenUpstream.oidc(provider, "", more);
  }

  private UpstreamConfig asClient(String id) {
    return GivenUpstream.valid(
        "{type: oidc, oidc_config: {issuer_url: '%s', client_id: %s}}"
            .formatted(provider.issuer(), id));
  }
}
