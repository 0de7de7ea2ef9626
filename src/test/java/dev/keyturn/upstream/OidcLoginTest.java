package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.NONCE;
import static dev.keyturn.upstream.GivenUpstream.VERIFIER;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Outcome;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OidcLoginTest {
  private final MovedClock clock = new MovedClock();
  private Vertx vertx;
  private FakeOidc provider;
  private UpstreamOverBus upstream;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    provider = FakeOidc.start(vertx, clock);
    deploy("");
  }

  @ParameterizedTest
  @CsvSource({
    "client_id,keyturn",
    "response_type,code",
    "redirect_uri,https://keyturn.example/oauth/callback",
    "scope,openid offline_access",
    "state,st",
    "nonce,n-0123456789",
    "code_challenge_method,S256",
    "prompt,login",
    "audience,api"
  })
  void the_authorization_request_carries(String name, String value) {
    deploy(", name: more", ", additional_authorization_params: {audience: api}");
    var url =
        Outcome.of(
            upstream.begin(new LoginRequest("st", NONCE, VERIFIER, Map.of("prompt", "login"))));
    assertThat(new QueryStringDecoder(url.location()).parameters().get(name))
        .containsExactly(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "nonce", "redirect_uri", "code_challenge", "client_id", "scope"})
  void a_forwarded_parameter_replaces_none_of_ours(String name) {
    var forwarding = new LoginRequest("st", NONCE, VERIFIER, Map.of(name, "evil"));
    assertThat(Outcome.of(upstream.begin(forwarding)).location().toString()).doesNotContain("evil");
  }

  @Test
  void the_query_of_the_endpoint_stays() {
    provider.metadata =
        document ->
            document.put("authorization_endpoint", provider.issuer() + "/authorize?p=policy");
    deploy(", name: policy", "");
    assertThat(Outcome.of(upstream.begin(request())).location().toString())
        .contains("/authorize?")
        .contains("p=policy")
        .matches("[^?]*\\?[^?]*");
  }

  @Test
  void a_login_tells_who_it_was() {
    assertThat(login().identity())
        .returns(new Subject(provider.issuer(), "sub", "alice-1").wire(), Identity::subject)
        .returns("alice-1", Identity::account)
        .returns(Optional.of("Alice"), Identity::name);
  }

  @Test
  void a_login_brings_the_tokens() {
    assertThat(login().tokens())
        .returns(Optional.of(clock.instant().plusSeconds(300)), UpstreamTokens::expiresAt)
        .satisfies(tokens -> assertThat(tokens.accessToken()).startsWith("at-"))
        .satisfies(tokens -> assertThat(tokens.refreshToken().orElseThrow()).startsWith("rt-"));
  }

  @Test
  void claims_about_the_login_are_passed_on() {
    provider.claims =
        claims ->
            claims
                .claim("auth_time", 1772366400)
                .claim("acr", "2fa")
                .claim("amr", List.of("pwd", "otp"));
    assertThat(login().identity())
        .returns(Optional.of(Instant.ofEpochSecond(1772366400)), Identity::authenticatedAt)
        .returns(Optional.of("2fa"), Identity::acr)
        .returns(List.of("pwd", "otp"), Identity::amr);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "false,false"})
  void an_email_is_verified_if_the_provider_says_so(boolean said, boolean verified) {
    provider.claims = claims -> claims.claim("email", "a@b.c").claim("email_verified", said);
    assertThat(login().identity().emailVerified()).isEqualTo(verified);
  }

  @Test
  void an_email_without_a_word_is_not_verified() {
    provider.claims = claims -> claims.claim("email", "a@b.c");
    assertThat(login().identity())
        .returns(Optional.of("a@b.c"), Identity::email)
        .returns(false, Identity::emailVerified);
  }

  @Test
  void another_issuer_is_refused() {
    refusesClaims(claims -> claims.issuer(provider.issuer() + "/"));
  }

  @Test
  void another_audience_is_refused() {
    refusesClaims(claims -> claims.audience("other"));
  }

  @Test
  void no_audience_is_refused() {
    refusesClaims(claims -> claims.audience((String) null));
  }

  @Test
  void several_audiences_without_an_authorized_party_are_refused() {
    refusesClaims(claims -> claims.audience(List.of("keyturn", "other")));
  }

  @Test
  void another_authorized_party_is_refused() {
    refusesClaims(claims -> claims.audience(List.of("keyturn", "other")).claim("azp", "other"));
  }

  @Test
  void several_audiences_with_us_as_authorized_party_are_fine() {
    provider.claims =
        claims -> claims.audience(List.of("other", "keyturn")).claim("azp", "keyturn");
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void another_nonce_is_refused() {
    refusesClaims(claims -> claims.claim("nonce", "n-9876543210"));
  }

  @Test
  void no_nonce_is_refused() {
    refusesClaims(claims -> claims.claim("nonce", null));
  }

  @Test
  void no_nonce_is_fine_where_it_is_optional() {
    deploy(", name: lax", ", nonce: optional");
    provider.claims = claims -> claims.claim("nonce", null);
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void another_nonce_is_refused_even_where_it_is_optional() {
    deploy(", name: lax", ", nonce: optional");
    refusesClaims(claims -> claims.claim("nonce", "n-9876543210"));
  }

  @Test
  void no_subject_is_refused() {
    refusesClaims(claims -> claims.subject(null));
  }

  @Test
  void no_expiry_is_refused() {
    refusesClaims(claims -> claims.expirationTime(null));
  }

  @Test
  void no_time_of_issue_is_refused() {
    refusesClaims(claims -> claims.issueTime(null));
  }

  @Test
  void an_expired_token_is_refused() {
    refusesClaims(claims -> claims.expirationTime(at(Duration.ofMinutes(-1))));
  }

  @Test
  void a_token_that_expired_within_the_skew_is_fine() {
    provider.claims = claims -> claims.expirationTime(at(Duration.ofSeconds(-59)));
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void a_token_of_the_future_is_refused() {
    refusesClaims(claims -> claims.issueTime(at(Duration.ofSeconds(61))));
  }

  @Test
  void a_token_that_is_not_valid_yet_is_refused() {
    refusesClaims(claims -> claims.notBeforeTime(at(Duration.ofSeconds(61))));
  }

  @Test
  void an_unsigned_token_is_refused() {
    provider.spelling = claims -> new PlainJWT(claims).serialize();
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void the_public_key_as_a_shared_secret_is_refused() {
    provider.spelling = this::signedWithThePublicKey;
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_foreign_key_is_refused() {
    provider.spelling = claims -> FakeOidc.signed(claims, FakeOidc.newKey("one"));
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_key_that_is_not_published_is_refused() {
    provider.spelling = claims -> FakeOidc.signed(claims, FakeOidc.newKey("two"));
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_changed_claim_is_refused() {
    provider.spelling = claims -> tampered(FakeOidc.signed(claims, provider.key));
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_foreign_key_without_a_name_is_refused_among_several() {
    provider.published = List.of(FakeOidc.newKey("zero"), provider.key);
    provider.spelling = claims -> FakeOidc.signed(claims, FakeOidc.newKey(null));
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_token_that_names_no_key_is_refused_among_several() {
    var unnamed = FakeOidc.newKey(null);
    provider.published = List.of(FakeOidc.newKey("zero"), unnamed);
    provider.spelling = claims -> FakeOidc.signed(claims, unnamed);
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_token_that_names_no_key_is_fine_where_there_is_one() {
    var unnamed = FakeOidc.newKey(null);
    provider.published = List.of(unnamed);
    provider.spelling = claims -> FakeOidc.signed(claims, unnamed);
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void a_token_that_names_no_key_is_fine_where_the_others_are_of_another_kind() throws Exception {
    var unnamed = FakeOidc.newKey(null);
    var rsa = new com.nimbusds.jose.jwk.gen.RSAKeyGenerator(2048).keyID("rsa").generate();
    provider.published = List.of(rsa, unnamed);
    provider.spelling = claims -> FakeOidc.signed(claims, unnamed);
    assertThat(login().identity().account()).isEqualTo("alice-1");
  }

  @Test
  void no_id_token_is_refused() {
    provider.answer =
        tokens -> {
          tokens.remove("id_token");
          return tokens;
        };
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_wrong_verifier_is_refused() {
    var code = provider.authorize(Outcome.of(upstream.begin(request())).location());
    var wrong =
        new LoginAnswer(
            Optional.of(code), Optional.empty(), Optional.empty(), NONCE, "w".repeat(43), terms());
    assertThat(refusal(wrong)).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_subject_claim_names_people() {
    deploy(", name: oid", ", subject_claim: employee");
    provider.claims = claims -> claims.claim("employee", "e-7");
    assertThat(login().identity())
        .returns("e-7", Identity::account)
        .returns(new Subject(provider.issuer(), "employee", "e-7").wire(), Identity::subject);
  }

  @Test
  void a_missing_subject_claim_is_refused() {
    deploy(", name: oid", ", subject_claim: employee");
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void userinfo_replaces_name_and_email() {
    deploy(", name: info", userinfo());
    provider.userinfo =
        new JsonObject()
            .put("sub", "alice-1")
            .put("nick", "Al")
            .put("email", "a@b.c")
            .put("email_verified", true);
    assertThat(login().identity())
        .returns(Optional.of("Al"), Identity::name)
        .returns(true, Identity::emailVerified);
  }

  @Test
  void userinfo_about_somebody_else_is_refused() {
    deploy(", name: info", userinfo());
    provider.userinfo = new JsonObject().put("sub", "bob");
    refuses(ErrorCode.SERVER_ERROR);
  }

  @Test
  void the_clients_secret_is_sent_by_basic_in_form_encoding() {
    deploy(
        ", name: basic",
        ", client_secret_env_var: SECRET, token_endpoint_auth_method: client_secret_basic");
    login();
    var pair = Base64.getEncoder().encodeToString("keyturn:s3cr3t%2B%25".getBytes(UTF_8));
    assertThat(provider.tokenHeaders.get(0).get("Authorization")).isEqualTo("Basic " + pair);
  }

  @Test
  void the_clients_secret_is_sent_in_the_body() {
    deploy(", name: post", ", client_secret_env_var: SECRET");
    login();
    assertThat(provider.tokenForms.get(0).get("client_secret")).isEqualTo("s3cr3t+%");
  }

  @ParameterizedTest
  @CsvSource({
    "access_denied,ACCESS_DENIED",
    "login_required,LOGIN_REQUIRED",
    "consent_required,CONSENT_REQUIRED",
    "interaction_required,INTERACTION_REQUIRED",
    "temporarily_unavailable,TEMPORARILY_UNAVAILABLE",
    "redirect_uri_mismatch,SERVER_ERROR",
    "invalid_scope,SERVER_ERROR"
  })
  void an_error_passes_by_name_only(String error, ErrorCode code) {
    var answer =
        new LoginAnswer(
            Optional.empty(), Optional.of(error), Optional.empty(), NONCE, VERIFIER, terms());
    assertThat(refusal(answer)).isEqualTo(code);
  }

  @Test
  void an_answer_without_a_code_is_refused() {
    assertThat(
            refusal(
                new LoginAnswer(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    NONCE,
                    VERIFIER,
                    terms())))
        .isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void an_answer_of_another_issuer_is_refused_rfc_9207() {
    assertThat(refusal(answerFrom(Optional.of("https://evil.example"))))
        .isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void an_answer_of_this_issuer_is_fine_rfc_9207() {
    assertThat(
            Outcome.of(upstream.finish(answerFrom(Optional.of(provider.issuer()))))
                .identity()
                .account())
        .isEqualTo("alice-1");
  }

  @Test
  void an_answer_without_the_promised_issuer_is_refused_rfc_9207() {
    provider.metadata =
        document -> document.put("authorization_response_iss_parameter_supported", true);
    deploy(", name: named", "");
    assertThat(refusal(answerFrom(Optional.empty()))).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void an_error_of_another_issuer_does_not_pass_rfc_9207() {
    var answer =
        new LoginAnswer(
            Optional.empty(),
            Optional.of("access_denied"),
            Optional.of("https://evil.example"),
            NONCE,
            VERIFIER,
            terms());
    assertThat(refusal(answer)).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void a_token_endpoint_in_trouble_is_an_outage(int status) {
    provider.tokenStatus = status;
    assertThat(
            catchThrowableOfType(
                UnavailableException.class,
                () -> Outcome.of(upstream.finish(answerFrom(Optional.empty())))))
        .isNotNull();
  }

  @Test
  void an_answer_without_end_is_cut() {
    provider.answer = tokens -> tokens.put("padding", "x".repeat(300_000));
    assertThat(
            catchThrowableOfType(
                UnavailableException.class,
                () -> Outcome.of(upstream.finish(answerFrom(Optional.empty())))))
        .hasMessageContaining("sent more than");
  }

  private void refusesClaims(UnaryOperator<JWTClaimsSet.Builder> lie) {
    provider.claims = lie;
    refuses(ErrorCode.SERVER_ERROR);
  }

  private void refuses(ErrorCode code) {
    assertThat(refusal(answerFrom(Optional.empty()))).isEqualTo(code);
  }

  private ErrorCode refusal(LoginAnswer answer) {
    var refusal =
        catchThrowableOfType(OAuthException.class, () -> Outcome.of(upstream.finish(answer)));
    assertThat(refusal.error().description()).isEmpty();
    return refusal.error().code();
  }

  private UpstreamLogin login() {
    var code = provider.authorize(Outcome.of(upstream.begin(request())).location());
    return Outcome.of(upstream.finish(answer(upstream, code)));
  }

  private LoginAnswer answerFrom(Optional<String> iss) {
    var code = provider.authorize(Outcome.of(upstream.begin(request())).location());
    return new LoginAnswer(Optional.of(code), Optional.empty(), iss, NONCE, VERIFIER, terms());
  }

  private LoginTerms terms() {
    return Outcome.of(upstream.begin(request())).terms();
  }

  private void deploy(String more) {
    deploy("", more);
  }

  private void deploy(String entry, String more) {
    var config = GivenUpstream.oidc(provider, entry, more);
    upstream = GivenUpstream.deploy(vertx, config, clock);
    await().pollInterval(Duration.ofMillis(5)).until(() -> Outcome.of(upstream.status()).ready());
  }

  private String userinfo() {
    return ", userinfo_override: {endpoint_url: '"
        + provider.issuer()
        + "/userinfo', field_mapping: {name_fields: [missing, nick]}}";
  }

  private Date at(Duration fromNow) {
    return Date.from(clock.instant().plus(fromNow));
  }

  private static String tampered(String token) {
    var parts = token.split("\\.", -1);
    var payload = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    var changed = payload.replace("alice-1", "admin-1");
    return parts[0]
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(changed.getBytes(UTF_8))
        + "."
        + parts[2];
  }

  private String signedWithThePublicKey(JWTClaimsSet claims) {
    try {
      var jwt =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims);
      jwt.sign(new MACSigner(provider.key.toECPublicKey().getEncoded()));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
