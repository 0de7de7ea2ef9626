package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.NOW;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.request;
import static dev.keyturn.upstream.RecordedProvider.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.given.Outcome;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each provider's example, against answers in that provider's shape. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProvidersTest {
  private static final List<String> OF_NO_PROVIDER =
      List.of("full", "minimal", "redis", "several-upstreams");

  private final MovedClock clock = new MovedClock();
  private Vertx vertx;

  @BeforeEach
  void keep(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void every_example_of_a_provider_has_a_shape() throws IOException {
    try (var files = Files.list(Path.of("conf"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
          .filteredOn(name -> !OF_NO_PROVIDER.contains(name))
          .containsExactlyInAnyOrderElementsOf(RecordedProvider.names());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_login_names_the_account(String name) {
    var provider = start(name);
    assertThat(provider.login().identity().account()).isEqualTo(text(provider.expect("account")));
  }

  @ParameterizedTest
  @MethodSource("all")
  void an_address_is_as_verified_as_the_provider_says(String name) {
    var provider = start(name);
    assertThat(provider.login().identity())
        .returns(Optional.ofNullable(provider.expect("email").textValue()), who -> who.email())
        .returns(provider.expect("verified").booleanValue(), Identity::emailVerified);
  }

  @ParameterizedTest
  @MethodSource("all")
  void the_access_token_is_kept_with_its_end(String name) {
    var provider = start(name);
    var seconds = provider.expect("seconds");
    assertThat(provider.login().tokens())
        .returns(text(provider.expect("access")), UpstreamTokens::accessToken)
        .returns(
            seconds.isNumber()
                ? Optional.of(NOW.plusSeconds(seconds.longValue()))
                : Optional.empty(),
            UpstreamTokens::expiresAt);
  }

  @ParameterizedTest
  @MethodSource("refreshing")
  void a_refresh_brings_the_next_token_and_the_refresh_token_that_counts(String name) {
    var provider = start(name);
    var login = provider.login();
    provider.answersRefresh();
    assertThat(provider.refresh(login))
        .returns(text(provider.expect("next")), UpstreamTokens::accessToken)
        .returns(Optional.of(text(provider.expect("kept"))), UpstreamTokens::refreshToken);
  }

  @ParameterizedTest
  @MethodSource("refreshing")
  void a_revoked_grant_is_a_definite_no(String name) {
    var provider = start(name);
    var login = provider.login();
    provider.answersRevoked();
    assertThat(refusal(() -> provider.refresh(login))).isEqualTo(ErrorCode.INVALID_GRANT);
  }

  @ParameterizedTest
  @MethodSource("choosing")
  void an_account_that_the_example_does_not_name_is_turned_away(String name) {
    var provider = start(name);
    provider.answersStranger();
    assertThat(refusal(provider::login)).isEqualTo(ErrorCode.ACCESS_DENIED);
  }

  static List<String> all() throws IOException {
    return RecordedProvider.names();
  }

  static List<String> refreshing() throws IOException {
    return RecordedProvider.namesWith("refresh");
  }

  static List<String> choosing() throws IOException {
    return RecordedProvider.namesWith("stranger", "strangerUserinfo", "strangerToken");
  }

  private Started start(String name) {
    var provider = RecordedProvider.start(vertx, clock, name);
    var upstream = GivenUpstream.deploy(vertx, GivenUpstream.valid(provider.example()), clock);
    await().pollInterval(Duration.ofMillis(5)).until(() -> Outcome.of(upstream.status()).ready());
    return new Started(provider, upstream);
  }

  private static ErrorCode refusal(Runnable work) {
    return catchThrowableOfType(OAuthException.class, work::run).error().code();
  }

  private record Started(RecordedProvider provider, UpstreamOverBus upstream) {
    UpstreamLogin login() {
      var begun = Outcome.of(upstream.begin(request()));
      return Outcome.of(upstream.finish(answer(begun, provider.authorize(begun.location()))));
    }

    UpstreamTokens refresh(UpstreamLogin login) {
      return GivenUpstream.refreshed(upstream, login);
    }

    void answersRefresh() {
      provider.answersRefresh();
    }

    void answersRevoked() {
      provider.answersRevoked();
    }

    void answersStranger() {
      provider.answersStranger();
    }

    JsonNode expect(String field) {
      return provider.expect(field);
    }
  }
}
