package dev.keyturn.idp;

import static dev.keyturn.idp.Visitor.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.json.JsonArray;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class IdentityProviderTest {
  private GivenProvider given;
  private Visitor visitor;

  @BeforeEach
  void start() {
    given = new GivenProvider();
    visitor = given.visitor;
  }

  @AfterEach
  void stop() {
    given.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.0.1", "example.com", ""})
  void refuses_to_listen_beyond_loopback(String host) {
    assertThatThrownBy(() -> given.config(host)).hasMessageStartingWith("host must be");
  }

  @Test
  void its_metadata_names_the_issuer_and_what_it_offers() {
    var metadata = visitor.get("/.well-known/openid-configuration").json();

    assertThat(metadata.getMap())
        .containsEntry("issuer", given.issuer.toString())
        .containsEntry("token_endpoint", given.issuer + "/token")
        .containsEntry("authorization_response_iss_parameter_supported", true);
    assertThat(metadata.getJsonArray("code_challenge_methods_supported"))
        .isEqualTo(new JsonArray().add("S256"));
  }

  @Test
  void userinfo_tells_the_claims_of_the_token() {
    assertThat(visitor.get("/userinfo", bearer()).json().getMap())
        .containsEntry("sub", "u-ada")
        .containsEntry("email", "ada@example.com")
        .containsEntry("email_verified", true)
        .containsEntry("name", "Ada Lovelace");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer unknown", "Basic a", "Bearer"})
  void userinfo_refuses_an_unknown_token(String authorization) {
    var answer = visitor.get("/userinfo", authorization);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.headers().get("WWW-Authenticate"))
        .isEqualTo("Bearer error=\"invalid_token\"");
  }

  @Test
  void userinfo_refuses_an_expired_token() {
    var bearer = bearer();
    given.wait(Duration.ofMinutes(5));

    assertThat(visitor.get("/userinfo", bearer).status()).isEqualTo(401);
  }

  @Test
  void describes_a_live_token() {
    assertThat(given.provider.describe(visitor.tokens().getString("access_token")))
        .contains(new LiveToken("u-ada", "Ada Lovelace", GivenProvider.NOON.plusSeconds(300)));
  }

  @Test
  void describes_no_expired_token() {
    var accessToken = visitor.tokens().getString("access_token");
    given.wait(Duration.ofMinutes(5));

    assertThat(given.provider.describe(accessToken)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/.well-known/openid-configuration", "/jwks", "/authorize", "/userinfo"})
  void an_outage_is_everywhere(String path) {
    given.provider.behave(Faults.outage());

    assertThat(visitor.get(path).status()).isEqualTo(503);
  }

  @Test
  void an_outage_ends() {
    given.provider.behave(Faults.outage());
    given.provider.behave(Faults.none());

    assertThat(visitor.get("/jwks").status()).isEqualTo(200);
  }

  @Test
  void refuses_a_refresh_on_purpose() {
    var refreshToken = visitor.tokens().getString("refresh_token");
    given.provider.behave(Faults.refusedRefresh());

    assertThat(visitor.refresh(refreshToken).error()).isEqualTo("invalid_grant");
  }

  @Test
  void omits_the_refresh_token_on_purpose() {
    given.provider.behave(Faults.noRefreshToken());

    assertThat(visitor.tokens().containsKey("refresh_token")).isFalse();
  }

  @Test
  void alters_the_id_token_on_purpose() throws ParseException {
    given.provider.behave(Faults.idTokens(claims -> claims.audience("somebody else")));
    var idToken = SignedJWT.parse(visitor.tokens().getString("id_token"));

    assertThat(idToken.getJWTClaimsSet().getAudience()).containsExactly("somebody else");
  }

  @Test
  void no_secret_is_printed() {
    assertThat(GivenProvider.CLIENT + " " + GivenProvider.ADA + " " + given.config("::1"))
        .doesNotContain("s3cret", "lovelace");
  }

  @Test
  void two_logins_give_different_codes() {
    assertThat(visitor.code()).isNotEqualTo(visitor.code());
  }

  @Test
  void knows_only_the_clients_that_were_registered() {
    assertThat(visitor.authorize(request("client_id", "later")).status()).isEqualTo(400);
    given.provider.register(new RelyingParty("later", "x", GivenProvider.CLIENT.redirectUris()));

    assertThat(visitor.authorize(request("client_id", "later")).status()).isEqualTo(200);
  }

  @Test
  void does_not_take_a_login_by_get() {
    assertThat(visitor.get("/login").status()).isEqualTo(405);
  }

  @Test
  void does_not_answer_a_form_without_a_request() {
    assertThat(visitor.post("/login", Map.of("username", "ada")).status()).isEqualTo(400);
  }

  private String bearer() {
    return "Bearer " + visitor.tokens().getString("access_token");
  }
}
