package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.PREFIX;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Outcome;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class DiscoveryTest {
  private final MovedClock clock = new MovedClock();
  private Vertx vertx;
  private FakeOidc provider;
  private UpstreamOverBus upstream;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    provider = FakeOidc.start(vertx, clock);
  }

  @Test
  void a_provider_that_is_down_keeps_nobody_from_starting() {
    provider.status = 503;
    deploy();
    assertThat(begin()).isInstanceOf(UnavailableException.class);
  }

  @Test
  void a_provider_that_comes_up_is_found() {
    provider.status = 503;
    deploy();
    provider.status = 200;
    await().until(this::isReady);
    assertThat(begin()).isNull();
  }

  @Test
  void a_provider_that_goes_down_again_is_remembered() {
    deploy();
    await().until(this::isReady);
    provider.status = 503;
    await().until(() -> Outcome.of(upstream.status()).reason().isPresent());
    assertThat(begin()).isNull();
  }

  @Test
  void the_document_is_refreshed() {
    deploy();
    await().until(this::isReady);
    provider.metadata =
        document -> document.put("authorization_endpoint", provider.issuer() + "/moved");
    await()
        .until(
            () -> Outcome.of(upstream.begin(request())).location().toString().contains("/moved"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "http://127.0.0.1", ""})
  void a_document_of_another_issuer_is_refused(String issuer) {
    provider.metadata = document -> document.put("issuer", issuer);
    isRefused("names another issuer");
  }

  @Test
  void a_slash_more_is_another_issuer() {
    provider.metadata = document -> document.put("issuer", provider.issuer() + "/");
    isRefused("names another issuer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri"})
  void an_endpoint_without_tls_is_refused(String endpoint) {
    provider.metadata = document -> document.put(endpoint, "http://idp.example/x");
    isRefused("no usable " + endpoint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri"})
  void a_missing_endpoint_is_refused(String endpoint) {
    provider.metadata =
        document -> {
          document.remove(endpoint);
          return document;
        };
    isRefused("no usable " + endpoint);
  }

  @Test
  void becoming_ready_and_stopping_are_announced() {
    List<UpstreamStatus> news = new CopyOnWriteArrayList<>();
    Outcome.of(UpstreamOverBus.changed(PREFIX).listen(vertx, news::add).completion());
    deploy();
    await().until(() -> news.stream().anyMatch(UpstreamStatus::ready));
    vertx.deploymentIDs().forEach(id -> Outcome.of(vertx.undeploy(id)));
    await().until(() -> !news.get(news.size() - 1).ready());
  }

  @Test
  void nobody_at_the_other_end_is_an_outage() {
    upstream = new UpstreamOverBus(vertx, PREFIX, "nobody");
    assertThat(begin()).hasMessageContaining("nobody answers");
  }

  @Test
  void keys_are_kept_as_long_as_the_provider_allows() {
    ready();
    login();
    clock.move(Duration.ofSeconds(299));
    login();
    assertThat(provider.keyRequests).hasValue(1);
  }

  @Test
  void keys_are_fetched_again_when_they_are_too_old() {
    ready();
    login();
    clock.move(Duration.ofSeconds(301));
    login();
    assertThat(provider.keyRequests).hasValue(2);
  }

  @Test
  void keys_are_kept_a_minute_even_if_the_provider_allows_none() {
    provider.cacheControl = "no-store";
    ready();
    login();
    clock.move(Duration.ofSeconds(59));
    login();
    assertThat(provider.keyRequests).hasValue(1);
  }

  @Test
  void a_new_key_is_fetched_when_it_is_first_seen() {
    ready();
    login();
    clock.move(Duration.ofSeconds(31));
    rotate();
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void a_key_that_was_rotated_just_before_it_signed_is_found() {
    ready();
    login();
    rotate();
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void a_key_that_was_rotated_just_before_a_refresh_is_found() {
    ready();
    var before = login();
    rotate();
    assertThat(GivenUpstream.refreshed(upstream, before).accessToken()).startsWith("at-");
  }

  @Test
  void the_last_good_keys_go_on_while_there_are_no_newer_ones() {
    ready();
    login();
    provider.keysAway = true;
    clock.move(Duration.ofHours(23));
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void keys_that_cannot_be_had_are_asked_for_now_and_then() {
    ready();
    login();
    provider.keysAway = true;
    clock.move(Duration.ofHours(1));
    login();
    login();
    assertThat(provider.keyRequests).hasValue(2);
  }

  @Test
  void keys_are_not_good_for_ever() {
    ready();
    login();
    provider.keysAway = true;
    clock.move(Duration.ofHours(25));
    assertThatThrownBy(this::login).isInstanceOf(UnavailableException.class);
  }

  @Test
  void an_unknown_key_is_an_outage_while_the_keys_are_away() {
    ready();
    login();
    rotate();
    provider.keysAway = true;
    assertThatThrownBy(this::login).isInstanceOf(UnavailableException.class);
  }

  @Test
  void the_last_good_document_goes_on_while_the_provider_is_down() {
    ready();
    provider.metadata =
        document -> new io.vertx.core.json.JsonObject().put("issuer", "https://evil.example");
    await().until(() -> Outcome.of(upstream.status()).reason().isPresent());
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void unknown_keys_cause_one_request_in_half_a_minute() {
    ready();
    login();
    clock.move(Duration.ofSeconds(31));
    provider.spelling = claims -> FakeOidc.signed(claims, FakeOidc.newKey("unknown"));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(this::login).isInstanceOf(OAuthException.class);
    }
    assertThat(provider.keyRequests).hasValue(2);
  }

  @Test
  void unnamed_keys_cause_one_request_in_half_a_minute() {
    ready();
    login();
    clock.move(Duration.ofSeconds(31));
    provider.spelling = claims -> FakeOidc.signed(claims, FakeOidc.newKey(null));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(this::login).isInstanceOf(OAuthException.class);
    }
    assertThat(provider.keyRequests).hasValue(2);
  }

  private void rotate() {
    var next = FakeOidc.newKey("two");
    provider.published = List.of(next);
    provider.spelling = claims -> FakeOidc.signed(claims, next);
  }

  private void isRefused(String reason) {
    deploy();
    await()
        .untilAsserted(
            () -> assertThat(Outcome.of(upstream.status()).reason().orElse("")).contains(reason));
    assertThat(begin()).isInstanceOf(UnavailableException.class);
  }

  private void ready() {
    deploy();
    await().until(this::isReady);
  }

  private void deploy() {
    var often = Duration.ofMillis(10);
    upstream = GivenUpstream.deploy(vertx, GivenUpstream.oidc(provider, "", ""), clock, often);
  }

  private boolean isReady() {
    return Outcome.of(upstream.status()).ready();
  }

  private Throwable begin() {
    return catchThrowableOfType(
        RuntimeException.class, () -> Outcome.of(upstream.begin(request())));
  }

  private UpstreamLogin login() {
    var code = provider.authorize(Outcome.of(upstream.begin(request())).location());
    return Outcome.of(upstream.finish(answer(upstream, code)));
  }
}
