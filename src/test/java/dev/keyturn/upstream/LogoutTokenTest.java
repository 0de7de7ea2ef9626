package dev.keyturn.upstream;

import static dev.keyturn.upstream.GivenUpstream.NONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.Patience;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenID Connect Back-Channel Logout, section 2.6: a provider that says who has logged out. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class LogoutTokenTest {
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private final MovedClock clock = new MovedClock();
  private FakeOidc provider;
  private UpstreamOverBus upstream;

  @BeforeEach
  void start(Vertx vertx) {
    provider = FakeOidc.start(vertx, clock);
    upstream = GivenUpstream.deploy(vertx, GivenUpstream.oidc(provider, "", ""), clock);
    Patience.await().until(() -> Outcome.of(upstream.status()).ready());
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(provider.issuer())
        .audience("keyturn")
        .subject("alice-1")
        .issueTime(Date.from(clock.instant()))
        .expirationTime(Date.from(clock.instant().plusSeconds(120)))
        .jwtID("id-1")
        .claim("sid", "s-1")
        .claim("events", Map.of(EVENT, Map.of()));
  }

  private LogoutNotice judged(UnaryOperator<JWTClaimsSet.Builder> change) {
    return judged(FakeOidc.signed(change.apply(claims()).build(), provider.key));
  }

  private LogoutNotice judged(String token) {
    return Outcome.of(upstream.loggedOut(token));
  }

  private void isRefused(UnaryOperator<JWTClaimsSet.Builder> change, String why) {
    isRefused(FakeOidc.signed(change.apply(claims()).build(), provider.key), why);
  }

  private void isRefused(String token, String why) {
    assertThatThrownBy(() -> judged(token))
        .isInstanceOf(OAuthException.class)
        .hasMessage("invalid_request: logout_token is not good: " + why);
  }

  @Test
  void it_names_the_login_and_the_person() {
    assertThat(judged(claims -> claims))
        .returns("id-1", LogoutNotice::id)
        .returns(Optional.of(new ProviderSession(provider.issuer(), "s-1")), LogoutNotice::session)
        .returns(
            Optional.of(new Subject(provider.issuer(), "sub", "alice-1").wire()),
            LogoutNotice::subject)
        .returns(Optional.of("alice-1"), LogoutNotice::account);
  }

  @Test
  void it_may_name_the_person_alone() {
    assertThat(judged(claims -> claims.claim("sid", null)).session()).isEmpty();
  }

  @Test
  void it_may_name_the_login_alone() {
    assertThat(judged(claims -> claims.subject(null)).subject()).isEmpty();
  }

  @Test
  void it_must_name_one_of_them() {
    isRefused(claims -> claims.subject(null).claim("sid", null), "wrong_sub");
  }

  @ParameterizedTest
  @ValueSource(strings = {"logout+jwt", "JWT", "jwt"})
  void it_may_say_what_it_is(String type) throws Exception {
    assertThat(judged(typed(type)).id()).isEqualTo("id-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"at+jwt", "dpop+jwt", "secevent+jwt"})
  void it_must_not_say_that_it_is_something_else(String type) throws Exception {
    isRefused(typed(type), "no_usable_key");
  }

  private String typed(String type) throws Exception {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID(provider.key.getKeyID())
            .type(new JOSEObjectType(type))
            .build();
    var token = new SignedJWT(header, claims().build());
    token.sign(new ECDSASigner(provider.key));
    return token.serialize();
  }

  @Test
  void it_must_be_of_that_issuer() {
    isRefused(claims -> claims.issuer("https://evil.example"), "wrong_iss");
  }

  @Test
  void it_must_name_an_issuer() {
    isRefused(claims -> claims.issuer(null), "wrong_iss");
  }

  @Test
  void one_of_another_issuer_causes_no_request_to_this_one() {
    var before = provider.requests.get();
    clock.move(Duration.ofDays(1));
    isRefused(claims -> claims.issuer("https://evil.example"), "wrong_iss");
    assertThat(provider.requests).hasValue(before);
  }

  @Test
  void one_of_this_issuer_causes_some() {
    var before = provider.requests.get();
    clock.move(Duration.ofDays(1));
    judged(claims -> claims);
    assertThat(provider.requests).hasValueGreaterThan(before);
  }

  @Test
  void it_must_not_be_longer_than_8_kilobytes() {
    isRefused(claims -> claims.claim("more", "x".repeat(8 * 1024)), "too_long");
  }

  @Test
  void it_must_be_spelled_as_tokens_are() {
    var token = FakeOidc.signed(claims().build(), provider.key);
    isRefused(token + "=", "not_a_signed_jwt");
    isRefused(token.replaceFirst("\\.", "\n."), "not_a_signed_jwt");
  }

  @Test
  void it_must_be_for_us() {
    isRefused(claims -> claims.audience("somebody"), "wrong_aud");
  }

  @Test
  void it_may_be_for_others_too() {
    assertThat(judged(claims -> claims.audience(List.of("other", "keyturn"))).id())
        .isEqualTo("id-1");
  }

  @Test
  void it_must_say_that_it_is_about_a_logout() {
    isRefused(claims -> claims.claim("events", null), "wrong_events");
  }

  @Test
  void it_must_say_that_it_is_about_this_kind_of_logout() {
    isRefused(
        claims -> claims.claim("events", Map.of("http://evil.example", Map.of())), "wrong_events");
    isRefused(claims -> claims.claim("events", Map.of(EVENT, "yes")), "wrong_events");
  }

  @Test
  void an_id_token_is_none() {
    isRefused(claims -> claims.claim("nonce", NONCE), "wrong_nonce");
  }

  @Test
  void it_must_have_an_id() {
    isRefused(claims -> claims.jwtID(null), "wrong_jti");
    isRefused(claims -> claims.jwtID("x".repeat(513)), "wrong_jti");
  }

  @ParameterizedTest
  @CsvSource({"-361", "61"})
  void it_must_be_of_now(long seconds) {
    var at = Date.from(clock.instant().plusSeconds(seconds));
    isRefused(claims -> claims.issueTime(at), "wrong_iat");
  }

  @Test
  void it_must_say_when_it_was_made() {
    isRefused(claims -> claims.issueTime(null), "wrong_iat");
  }

  @Test
  void it_may_be_five_minutes_old() {
    var at = Date.from(clock.instant().minus(Duration.ofMinutes(5)));
    assertThat(judged(claims -> claims.issueTime(at)).id()).isEqualTo("id-1");
  }

  @Test
  void it_must_not_have_ended() {
    var at = Date.from(clock.instant().minusSeconds(60));
    isRefused(claims -> claims.expirationTime(at), "wrong_exp");
  }

  @Test
  void it_must_be_signed_by_the_provider() {
    ECKey other = FakeOidc.newKey("one");
    isRefused(FakeOidc.signed(claims().build(), other), "bad_signature");
  }

  @Test
  void it_must_be_signed_at_all() {
    isRefused(new PlainJWT(claims().build()).serialize(), "not_a_signed_jwt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "a.b.c", "..", "{}"})
  void it_must_be_a_token(String token) {
    isRefused(token, "not_a_signed_jwt");
  }

  @Test
  void what_names_a_login_must_be_text() {
    isRefused(claims -> claims.claim("sid", List.of("a")), "wrong_sid");
  }

  @Test
  void what_names_a_person_must_be_text() {
    isRefused(claims -> claims.claim("sub", List.of("a")), "unreadable_claims");
  }

  @Nested
  class Of_a_provider_that_names_people_by_another_claim {
    @BeforeEach
    void by(Vertx vertx) {
      upstream =
          GivenUpstream.deploy(
              vertx, GivenUpstream.oidc(provider, ", name: entra", ", subject_claim: oid"), clock);
      Patience.await().until(() -> Outcome.of(upstream.status()).ready());
    }

    @Test
    void it_must_hold_that_claim_where_it_names_no_login() {
      isRefused(claims -> claims.claim("sid", null), "wrong_oid");
    }

    @Test
    void it_names_the_person_by_that_claim() {
      assertThat(judged(claims -> claims.claim("sid", null).claim("oid", "o-1")).account())
          .contains("o-1");
    }

    @Test
    void it_may_name_the_login_without_that_claim() {
      assertThat(judged(claims -> claims))
          .returns(Optional.empty(), LogoutNotice::account)
          .returns(
              Optional.of(new ProviderSession(provider.issuer(), "s-1")), LogoutNotice::session);
    }

    @Test
    void what_names_the_person_must_be_text() {
      isRefused(claims -> claims.claim("oid", List.of("a")), "wrong_oid");
    }
  }

  @Test
  void a_key_that_has_just_been_published_will_do() {
    var fresh = FakeOidc.newKey("two");
    judged(claims -> claims);
    clock.move(Duration.ofSeconds(31));
    provider.published = List.of(fresh);
    assertThat(judged(FakeOidc.signed(claims().build(), fresh)).id()).isEqualTo("id-1");
  }

  @Test
  void a_login_knows_how_the_provider_calls_it() {
    provider.claims = claims -> claims.claim("sid", "s-1");
    var code = provider.authorize(Outcome.of(upstream.begin(GivenUpstream.request())).location());
    var login = Outcome.of(upstream.finish(GivenUpstream.answer(upstream, code)));
    assertThat(login.session()).contains(new ProviderSession(provider.issuer(), "s-1"));
  }
}
