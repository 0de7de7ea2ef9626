package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.NOW;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.oauth2ByKey;
import static dev.keyturn.upstream.GivenUpstream.oidcByKey;
import static dev.keyturn.upstream.GivenUpstream.pem;
import static dev.keyturn.upstream.GivenUpstream.request;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FakeOAuth2;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Outcome;
import dev.keyturn.keys.SigningKey;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code private_key_jwt} at a provider.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523, section 3</a>
 */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SignedProofTest {
  private static final String KEY = "p256-pkcs8.pem";

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
  void it_says_who_we_are_and_for_whom() {
    deploy(pem(KEY), "");
    login();
    assertThat(claims(0).put("jti", "any"))
        .isEqualTo(
            new JsonObject()
                .put("iss", "keyturn")
                .put("sub", "keyturn")
                .put("aud", provider.issuer())
                .put("jti", "any")
                .put("iat", NOW.getEpochSecond())
                .put("exp", NOW.plusSeconds(60).getEpochSecond()));
  }

  @Test
  void its_header_names_the_key_by_its_thumbprint() {
    deploy(pem(KEY), "");
    login();
    assertThat(header(0))
        .isEqualTo(
            new JsonObject()
                .put("alg", "ES256")
                .put("typ", "JWT")
                .put("kid", "LRdl32lqhpPFBJEyrhz8aGbfYXC7jQhuviBQdpDPAB0"));
  }

  @Test
  void it_stands_in_the_form_beside_our_name_and_no_secret() {
    deploy(pem(KEY), "");
    login();
    assertThat(form(0).get("client_assertion_type"))
        .isEqualTo("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assertThat(form(0).get("client_id")).isEqualTo("keyturn");
    assertThat(form(0).contains("client_secret")).isFalse();
    assertThat(provider.tokenHeaders.get(0).contains("Authorization")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "p256-pkcs8.pem, p256.pub, EC, SHA256withECDSAinP1363Format",
    "p384-sec1.pem, p384.pub, EC, SHA384withECDSAinP1363Format",
    "p521-pkcs8.pem, p521.pub, EC, SHA512withECDSAinP1363Format",
    "rsa2048-pkcs1.pem, rsa2048.pub, RSA, SHA256withRSA",
    "ed25519-pkcs8.pem, ed25519.pub, Ed25519, Ed25519"
  })
  void whoever_has_the_public_key_believes_it(String key, String pub, String kind, String algorithm)
      throws GeneralSecurityException {
    deploy(pem(key), "");
    login();
    var assertion = form(0).get("client_assertion");
    var end = assertion.lastIndexOf('.');
    var signature = Signature.getInstance(algorithm);
    var der = Base64.getDecoder().decode(pem(pub).replaceAll("-----[A-Z ]+-----|\\s", ""));
    signature.initVerify(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der)));
    signature.update(assertion.substring(0, end).getBytes(US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(assertion.substring(end + 1))))
        .isTrue();
  }

  @Test
  void no_request_carries_that_of_another_one() {
    deploy(pem(KEY), ", scopes: [openid, offline_access, mail]");
    var before = login();
    provider.refuseScope("mail");
    GivenUpstream.refreshed(upstream, before);
    provider.secrets.are("nobody");
    Outcome.of(upstream.redeem(before.tokens(), before.identity(), ""));
    var ids = new HashSet<String>();
    for (int i = 0; i < provider.tokenForms.size(); i++) {
      ids.add(claims(i).getString("jti"));
    }
    assertThat(ids).hasSize(4).allSatisfy(id -> assertThat(decoded(id)).hasSize(16));
  }

  @Test
  void tokens_are_given_back_with_one() {
    provider.metadata = doc -> doc.put("revocation_endpoint", provider.issuer() + "/token");
    deploy(pem(KEY), "");
    var login = login();
    Outcome.of(upstream.revoke(login.tokens(), ""));
    assertThat(form(1).get("token")).isEqualTo(login.tokens().refreshToken().orElseThrow());
    assertThat(claims(1).getString("sub")).isEqualTo("keyturn");
  }

  @Test
  void it_is_for_whom_the_operator_says() {
    deploy(pem(KEY), ", client_assertion_audience: 'https://a.example/token'");
    login();
    assertThat(claims(0).getValue("aud")).isEqualTo("https://a.example/token");
  }

  @Test
  void without_an_issuer_it_is_for_the_token_endpoint() {
    var hub = FakeOAuth2.start(vertx);
    upstream = GivenUpstream.deploy(vertx, oauth2ByKey(pem(KEY), hub), clock);
    Outcome.of(upstream.finish(answer(upstream, "c")));
    assertThat(claims(hub.tokenForms.get(0)).getValue("aud"))
        .isEqualTo(hub.url("/login/oauth/access_token"));
  }

  @Test
  void where_the_file_holds_a_certificate_too_the_key_goes_by_its_hash()
      throws GeneralSecurityException {
    var given = GivenCertificate.of("RSA");
    deploy(given.keyPem() + given.certificatePem(), "");
    login();
    var hash = MessageDigest.getInstance("SHA-256").digest(given.certificate().getEncoded());
    assertThat(header(0))
        .isEqualTo(
            new JsonObject()
                .put("alg", "RS256")
                .put("typ", "JWT")
                .put("x5t#S256", Base64.getUrlEncoder().withoutPadding().encodeToString(hash)));
  }

  @Test
  void a_provider_that_does_not_know_the_new_key_yet_is_shown_the_previous_one() {
    var one = kid("p256-pkcs8.pem");
    provider.secrets.are(one);
    deploy(pem("p256-pkcs8.pem"), "");
    change("p384-pkcs8.pem");
    login();
    assertThat(provider.secrets.shown).containsExactly(kid("p384-pkcs8.pem"), one);
  }

  @Test
  void the_next_request_is_signed_by_the_new_key() {
    deploy(pem("p256-pkcs8.pem"), "");
    login();
    change("p384-pkcs8.pem");
    login();
    assertThat(header(1).getString("alg")).isEqualTo("ES384");
  }

  @Test
  void a_key_that_the_provider_knows_no_more_proves_nothing() {
    provider.secrets.are(kid("p384-pkcs8.pem"));
    deploy(pem("p256-pkcs8.pem"), "");
    var refused = upstream.finish(answer(begun(), code()));
    await().until(refused::isComplete);
    assertThat(refused.failed()).isTrue();
    assertThat(provider.secrets.shown).containsExactly(kid("p256-pkcs8.pem"));
  }

  @Test
  void a_key_takes_the_place_of_a_secret_as_one_secret_that_of_another() {
    provider.secrets.are("one");
    upstream =
        GivenUpstream.deploy(vertx, GivenUpstream.oidcWith("one", provider.issuer(), ""), clock);
    ready();
    change(KEY);
    login();
    provider.secrets.are(kid(KEY));
    login();
    assertThat(provider.secrets.shown).containsExactly(kid(KEY), "one", kid(KEY));
  }

  @Test
  void the_keys_of_many_changes_all_sign() {
    deploy(pem(KEY), "");
    var all =
        List.of("p384-pkcs8.pem", "p521-pkcs8.pem", "ed25519-pkcs8.pem", "rsa2048-pkcs8.pem", KEY);
    for (var key : all) {
      change(key);
      login();
    }
    assertThat(provider.secrets.shown).isEqualTo(all.stream().map(SignedProofTest::kid).toList());
  }

  private void deploy(String pem, String more) {
    upstream = GivenUpstream.deploy(vertx, oidcByKey(pem, provider.issuer(), more), clock);
    ready();
  }

  private void ready() {
    await().until(() -> Outcome.of(upstream.status()).ready());
  }

  private void change(String key) {
    Outcome.of(upstream.reconfigure(oidcByKey(pem(key), provider.issuer(), "")));
  }

  private LoginBegun begun() {
    return Outcome.of(upstream.begin(request()));
  }

  private String code() {
    return provider.authorize(begun().location());
  }

  private UpstreamLogin login() {
    var begun = begun();
    return Outcome.of(upstream.finish(answer(begun, provider.authorize(begun.location()))));
  }

  private MultiMap form(int request) {
    return provider.tokenForms.get(request);
  }

  private JsonObject header(int request) {
    return part(form(request), 0);
  }

  private JsonObject claims(int request) {
    return claims(form(request));
  }

  private static JsonObject claims(MultiMap form) {
    return part(form, 1);
  }

  private static JsonObject part(MultiMap form, int index) {
    return new JsonObject(
        Buffer.buffer(decoded(form.get("client_assertion").split("\\.", -1)[index])));
  }

  private static byte[] decoded(String base64) {
    return Base64.getUrlDecoder().decode(base64);
  }

  private static String kid(String key) {
    return SigningKey.fromPem(pem(key).getBytes(US_ASCII)).kid();
  }
}
