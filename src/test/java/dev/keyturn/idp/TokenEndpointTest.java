package dev.keyturn.idp;

import static dev.keyturn.idp.Visitor.redemption;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TokenEndpointTest {
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

  @Test
  void trades_a_code_for_tokens() {
    assertThat(visitor.tokens().getMap())
        .containsKeys("access_token", "refresh_token", "id_token")
        .containsEntry("token_type", "Bearer")
        .containsEntry("expires_in", 300)
        .containsEntry("scope", "openid email");
  }

  @Test
  void a_token_answer_is_not_stored() {
    assertThat(visitor.post("/token", redemption(visitor.code())).headers().get("Cache-Control"))
        .isEqualTo("no-store");
  }

  @Test
  void the_id_token_says_who_logged_in_and_when() throws ParseException {
    var claims = idToken(visitor.tokens().getString("id_token")).getJWTClaimsSet();

    assertThat(claims.toJSONObject())
        .containsEntry("iss", given.issuer.toString())
        .containsEntry("aud", "keyturn")
        .containsEntry("sub", "u-ada")
        .containsEntry("nonce", "n-1")
        .containsEntry("auth_time", GivenProvider.NOON.getEpochSecond())
        .containsEntry("iat", GivenProvider.NOON.getEpochSecond())
        .containsEntry("exp", GivenProvider.NOON.plusSeconds(300).getEpochSecond())
        .containsEntry("email", "ada@example.com")
        .containsEntry("email_verified", true)
        .containsEntry("name", "Ada Lovelace");
  }

  @Test
  void the_id_token_is_signed_by_a_published_key() throws Exception {
    assertThat(isVerifiable(visitor.tokens().getString("id_token"))).isTrue();
  }

  @Test
  void after_a_rotation_the_new_key_signs_and_both_are_published() throws Exception {
    var before = visitor.tokens().getString("id_token");
    Visitor.await(given.provider.rotateKey());
    var after = visitor.tokens().getString("id_token");

    assertThat(idToken(after).getHeader().getKeyID())
        .isNotEqualTo(idToken(before).getHeader().getKeyID());
    assertThat(isVerifiable(before) && isVerifiable(after)).isTrue();
  }

  @Test
  void no_private_key_is_published() {
    assertThat(visitor.get("/jwks").body()).doesNotContain("\"d\"");
  }

  @Test
  void takes_the_client_secret_by_basic() {
    var form = redemption(visitor.code());
    form.remove("client_id");
    form.remove("client_secret");

    assertThat(visitor.post("/token", form, basic("keyturn:s3cret")).status()).isEqualTo(200);
  }

  @Test
  void decodes_the_client_secret_of_basic() {
    given.provider.register(
        new RelyingParty("keyturn", "a:b+c%", GivenProvider.CLIENT.redirectUris()));
    var form = redemption(visitor.code());
    form.remove("client_secret");

    assertThat(visitor.post("/token", form, basic("keyturn:a%3Ab%2Bc%25")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"keyturn:wrong", "other:s3cret", "keyturn", "keyturn:%zz"})
  void refuses_a_wrong_client_by_basic(String pair) {
    var form = redemption(visitor.code());
    form.remove("client_secret");
    var answer = visitor.post("/token", form, basic(pair));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.headers().get("WWW-Authenticate")).startsWith("Basic");
    assertThat(answer.error()).isEqualTo("invalid_client");
  }

  @Test
  void refuses_two_ways_of_client_authentication() {
    assertThat(visitor.post("/token", redemption(visitor.code()), basic("keyturn:s3cret")).error())
        .isEqualTo("invalid_request");
  }

  @ParameterizedTest
  @CsvSource({
    "client_secret,wrong,invalid_client",
    "client_secret,'',invalid_client",
    "client_id,other,invalid_client",
    "grant_type,password,unsupported_grant_type",
    "grant_type,'',invalid_request",
    "code,unknown,invalid_grant",
    "redirect_uri,http://127.0.0.1:8080/other,invalid_grant",
    "redirect_uri,'',invalid_request",
    "code_verifier,wrong,invalid_grant",
    "code_verifier,'',invalid_request"
  })
  void refuses_a_wrong_redemption(String name, String value, String error) {
    var form = redemption(visitor.code());
    form.put(name, value);

    assertThat(visitor.post("/token", form).error()).isEqualTo(error);
  }

  @Test
  void a_code_works_once() {
    var form = redemption(visitor.code());
    visitor.post("/token", form);

    assertThat(visitor.post("/token", form).error()).isEqualTo("invalid_grant");
  }

  @Test
  void a_code_lives_a_minute() {
    var form = redemption(visitor.code());
    given.wait(Duration.ofMinutes(1));

    assertThat(visitor.post("/token", form).error()).isEqualTo("invalid_grant");
  }

  @Test
  void a_code_belongs_to_its_client() {
    given.provider.register(new RelyingParty("other", "s3cret", List.of("http://127.0.0.1/")));
    var form = redemption(visitor.code());
    form.put("client_id", "other");

    assertThat(visitor.post("/token", form).error()).isEqualTo("invalid_grant");
  }

  @Test
  void a_refresh_gives_new_tokens() {
    var first = visitor.tokens();
    var second = visitor.refresh(first.getString("refresh_token")).json();

    assertThat(second.getString("access_token")).isNotEqualTo(first.getString("access_token"));
    assertThat(second.getString("refresh_token")).isNotEqualTo(first.getString("refresh_token"));
  }

  @Test
  void a_refresh_token_works_once() {
    var refreshToken = visitor.tokens().getString("refresh_token");
    visitor.refresh(refreshToken);

    assertThat(visitor.refresh(refreshToken).error()).isEqualTo("invalid_grant");
  }

  @Test
  void a_refreshed_id_token_keeps_the_time_of_the_login_and_has_no_nonce() throws ParseException {
    var refreshToken = visitor.tokens().getString("refresh_token");
    given.wait(Duration.ofHours(1));
    var refreshed = visitor.refresh(refreshToken).json();
    var claims = idToken(refreshed.getString("id_token")).getJWTClaimsSet();

    assertThat(claims.getClaims())
        .containsEntry("auth_time", GivenProvider.NOON.getEpochSecond())
        .doesNotContainKey("nonce");
  }

  @Test
  void a_new_secret_replaces_the_old_one() {
    var form = redemption(visitor.code());
    given.provider.register(
        new RelyingParty("keyturn", "newer", GivenProvider.CLIENT.redirectUris()));

    assertThat(visitor.post("/token", form).error()).isEqualTo("invalid_client");
  }

  @Test
  void an_earlier_secret_is_good_while_it_is_registered() {
    var form = redemption(visitor.code());
    given.provider.register(rotating("newer", "s3cret"));

    assertThat(visitor.post("/token", form).status()).isEqualTo(200);
    assertThat(given.provider.hasSeenPresentSecretOf("keyturn")).isFalse();
  }

  @Test
  void tells_that_the_present_secret_is_in_use() {
    given.provider.register(rotating("s3cret", "older"));
    visitor.tokens();

    assertThat(given.provider.hasSeenPresentSecretOf("keyturn")).isTrue();
  }

  private static RelyingParty rotating(String present, String earlier) {
    return new RelyingParty(
        "keyturn", present, List.of(earlier), GivenProvider.CLIENT.redirectUris());
  }

  private static Map<String, String> basic(String pair) {
    var encoded = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    return new HashMap<>(Map.of("Authorization", "Basic " + encoded));
  }

  private static SignedJWT idToken(String compact) throws ParseException {
    return SignedJWT.parse(compact);
  }

  private boolean isVerifiable(String compact) throws ParseException, JOSEException {
    var token = idToken(compact);
    var key = JWKSet.parse(visitor.get("/jwks").body()).getKeyByKeyId(token.getHeader().getKeyID());
    return token.verify(new ECDSAVerifier(key.toECKey()));
  }
}
