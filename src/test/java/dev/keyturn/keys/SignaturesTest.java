package dev.keyturn.keys;

import static dev.keyturn.keys.Await.done;
import static dev.keyturn.keys.GivenKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.Patience;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SignaturesTest {
  private static final CryptoProvider JDK = CryptoProvider.jdk("test");
  private static final SigningKey EC = key("p256-pkcs8.pem");
  private static final SigningKey RSA = key("rsa2048-pkcs8.pem");
  private static final SigningKey ED = key("ed25519-pkcs8.pem");
  private static final JWTClaimsSet CLAIMS =
      new JWTClaimsSet.Builder()
          .subject("alice")
          .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")))
          .build();

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(2).setEventLoopPoolSize(1));
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(Patience.SECONDS, Patience.UNIT);
  }

  static Stream<Arguments> matrix() {
    return Stream.of("p256-pkcs8", "p384-pkcs8", "p521-pkcs8", "rsa2048-pkcs8", "ed25519-pkcs8")
        .flatMap(
            name ->
                Stream.of(CryptoProvider.detect(), JDK)
                    .map(crypto -> Arguments.of(name, crypto.name(), crypto)));
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void verifies_what_it_signed(String name, String provider, CryptoProvider crypto) {
    var signatures = signatures(key(name + ".pem"), crypto);
    var token = done(signatures.sign(CLAIMS, "at+jwt"));
    assertThat(done(signatures.verify(token, "at+jwt")).getClaims()).isEqualTo(CLAIMS.getClaims());
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void what_one_provider_signs_the_other_verifies(
      String name, String provider, CryptoProvider crypto) {
    var other = crypto.isNative() ? JDK : CryptoProvider.detect();
    var token = done(signatures(key(name + ".pem"), crypto).sign(CLAIMS, "at+jwt"));
    assertThat(done(signatures(key(name + ".pem"), other).verify(token, "at+jwt")).getSubject())
        .isEqualTo("alice");
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void refuses_a_tampered_signature(String name, String provider, CryptoProvider crypto) {
    var signatures = signatures(key(name + ".pem"), crypto);
    var token = done(signatures.sign(CLAIMS, "at+jwt"));
    var at = token.lastIndexOf('.') + 20;
    var flipped = token.charAt(at) == 'A' ? 'B' : 'A';
    var tampered = token.substring(0, at) + flipped + token.substring(at + 1);
    refuses(signatures, tampered, "the token's signature is wrong");
  }

  @Test
  void names_type_key_and_algorithm_in_the_header() {
    var token = done(signatures(EC, JDK).sign(CLAIMS, "at+jwt"));
    assertThat(decoded(token, 0))
        .isEqualTo(new JsonObject().put("alg", "ES256").put("typ", "at+jwt").put("kid", EC.kid()));
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class An_independent_verifier {
    @Test
    void accepts_es256() {
      assertThat(subjectByVertx(EC)).isEqualTo("alice");
    }

    @Test
    void accepts_rs256() {
      assertThat(subjectByVertx(RSA)).isEqualTo("alice");
    }

    @Test
    void accepts_eddsa() throws Exception {
      var token = done(signatures(ED, CryptoProvider.detect()).sign(CLAIMS, "at+jwt"));
      var dot = token.lastIndexOf('.');
      var judge = Signature.getInstance("Ed25519");
      judge.initVerify(GivenKeys.publicKey("ed25519.pub", "Ed25519"));
      judge.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
      assertThat(judge.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)))).isTrue();
    }

    private String subjectByVertx(SigningKey key) {
      var token = done(signatures(key, CryptoProvider.detect()).sign(CLAIMS, "at+jwt"));
      var jwk = SigningKeys.of(key, List.of()).jwks().getJsonArray("keys").getJsonObject(0);
      var auth = JWTAuth.create(vertx, new JWTAuthOptions().addJwk(jwk));
      return done(auth.authenticate(new TokenCredentials(token))).subject();
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Rfc_8725_section_3 {
    private final Signatures signatures =
        signatures(SigningKeys.of(EC, List.of(RSA)), CryptoProvider.detect());

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"})
    void takes_every_spelling_of_the_type(String typ) {
      var token = done(signatures.sign(CLAIMS, typ));
      assertThat(done(signatures.verify(token, "at+jwt")).getSubject()).isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at", "logout+jwt", "x/at+jwt"})
    void refuses_another_type(String typ) {
      var token = done(signatures.sign(CLAIMS, typ));
      refuses(signatures, token, "the token is of another type");
    }

    @Test
    void refuses_a_token_without_type() throws Exception {
      refuses(signatures, signedByRsa(header().type(null)), "the token is of another type");
    }

    @Test
    void takes_a_token_of_a_fallback_key() throws Exception {
      assertThat(done(signatures.verify(signedByRsa(header()), "at+jwt")).getSubject())
          .isEqualTo("alice");
    }

    @Test
    void refuses_a_stranger_that_names_our_kid() {
      var stranger =
          done(signatures(SigningKey.generate(new SecureRandom()), JDK).sign(CLAIMS, "at+jwt"));
      var header = new JsonObject().put("alg", "ES256").put("typ", "at+jwt").put("kid", EC.kid());
      var forged = encoded(header) + stranger.substring(stranger.indexOf('.'));
      refuses(signatures, forged, "the token's signature is wrong");
    }

    @Test
    void refuses_claims_that_were_changed() {
      var token = done(signatures.sign(CLAIMS, "at+jwt")).split("\\.", -1);
      var changed = encoded(decoded(token[0] + "." + token[1], 1).put("sub", "mallory"));
      refuses(
          signatures, token[0] + "." + changed + "." + token[2], "the token's signature is wrong");
    }

    @Test
    void refuses_an_unknown_key() {
      var stranger = signatures(SigningKey.generate(new SecureRandom()), JDK);
      refuses(
          signatures,
          done(stranger.sign(CLAIMS, "at+jwt")),
          "the token was not signed by a key of ours");
    }

    @Test
    void refuses_a_token_that_names_no_key() throws Exception {
      refuses(
          signatures,
          signedByRsa(header().keyID(null)),
          "the token was not signed by a key of ours");
    }

    @Test
    void refuses_a_token_that_says_hmac_with_the_public_key() {
      var header = new JsonObject().put("alg", "HS256").put("typ", "at+jwt").put("kid", RSA.kid());
      refuses(
          signatures,
          encoded(header) + "." + encoded(new JsonObject().put("sub", "alice")) + ".AAAA",
          "the token was signed by another algorithm than its key's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE"})
    void refuses_a_token_that_says_it_is_not_signed(String none) {
      var header = new JsonObject().put("alg", none).put("typ", "at+jwt").put("kid", EC.kid());
      var unsigned = encoded(header) + "." + encoded(new JsonObject().put("sub", "alice")) + ".";
      refuses(signatures, unsigned, "this is not a signed token");
    }

    @Test
    void refuses_none_with_a_signature() {
      var header = new JsonObject().put("alg", "none").put("typ", "at+jwt").put("kid", EC.kid());
      var body = encoded(new JsonObject().put("sub", "alice"));
      refuses(signatures, encoded(header) + "." + body + ".AAAA", "this is not a signed token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jku", "x5u"})
    void refuses_a_pointer_to_keys(String name) {
      refuses(signatures, withHeader(name, "https://evil.example/keys"), "refused here");
    }

    @Test
    void refuses_a_key_that_the_token_brings_along() throws Exception {
      refuses(signatures, signedByRsa(header().jwk(RSA.publicHalf().publicJwk())), "refused here");
    }

    @Test
    void refuses_a_critical_extension() throws Exception {
      refuses(
          signatures,
          signedByRsa(header().criticalParams(java.util.Set.of("exp")).customParam("exp", 1)),
          "refused here");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", ".", "..", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "é.b.c", " a.b.c"})
    void refuses_what_is_no_token(String text) {
      refuses(signatures, text, "this is not a signed token");
    }

    @Test
    void refuses_a_header_of_endless_nesting() {
      var nested = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"a\":" + "[".repeat(5000);
      var header =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(nested.getBytes(StandardCharsets.US_ASCII));
      refuses(signatures, header + ".e30.AAAA", "this is not a signed token");
    }

    @Test
    void refuses_a_second_spelling_of_the_same_signature() {
      refuses(signatures, done(signatures.sign(CLAIMS, "at+jwt")) + "=", "not a signed token");
    }

    @Test
    void refuses_a_token_that_is_too_long() {
      refuses(signatures, "a".repeat(8193), "the token is longer than 8192 characters");
    }

    @Test
    void refuses_a_payload_that_holds_no_claims() throws Exception {
      var token =
          new com.nimbusds.jose.JWSObject(
              header().build(), new com.nimbusds.jose.Payload("no claims"));
      token.sign(new RSASSASigner(RSA.pair().getPrivate()));
      refuses(signatures, token.serialize(), "the token holds no claims");
    }

    @Test
    void signs_no_token_that_it_would_refuse() {
      var large = new JWTClaimsSet.Builder().claim("groups", "g".repeat(8192)).build();
      assertThatThrownBy(() -> done(signatures.sign(large, "at+jwt")))
          .hasMessageContaining("a token longer than 8192 characters");
    }

    private String withHeader(String name, String value) {
      var token = done(signatures.sign(CLAIMS, "at+jwt"));
      return encoded(decoded(token, 0).put(name, value)) + token.substring(token.indexOf('.'));
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class When_the_keys_change {
    private final AtomicReference<SigningKeys> keys =
        new AtomicReference<>(SigningKeys.of(EC, List.of()));
    private final Signatures signatures = new Signatures(vertx, keys::get, JDK);

    @Test
    void the_new_first_key_signs() throws Exception {
      done(signatures.sign(CLAIMS, "at+jwt"));
      keys.set(SigningKeys.of(ED, List.of(EC)));
      assertThat(SignedJWT.parse(done(signatures.sign(CLAIMS, "at+jwt"))).getHeader().getKeyID())
          .isEqualTo(ED.kid());
    }

    @Test
    void the_old_key_verifies_as_long_as_it_is_kept() {
      var token = done(signatures.sign(CLAIMS, "at+jwt"));
      keys.set(SigningKeys.of(ED, List.of(EC)));
      assertThat(done(signatures.verify(token, "at+jwt")).getSubject()).isEqualTo("alice");
    }

    @Test
    void a_key_that_is_gone_verifies_no_more() {
      var token = done(signatures.sign(CLAIMS, "at+jwt"));
      keys.set(SigningKeys.of(ED, List.of()));
      refuses(signatures, token, "the token was not signed by a key of ours");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_key_that_has_stopped_signing {
    private static final Instant STOPPED = Instant.parse("2026-11-23T12:00:00Z");

    private final Signatures before = signatures(EC, JDK);
    private final Signatures after =
        signatures(SigningKeys.of(Optional.of(ED), List.of(EC.publicHalf().until(STOPPED))), JDK);

    @Test
    void verifies_a_token_of_its_time() {
      assertThat(done(after.verify(issuedAt(STOPPED), "at+jwt")).getIssueTime())
          .isEqualTo(Date.from(STOPPED));
    }

    @Test
    void verifies_no_token_of_a_later_time() {
      refuses(after, issuedAt(STOPPED.plusSeconds(1)), "the token's key had stopped signing");
    }

    @Test
    void verifies_no_token_without_a_time() {
      refuses(after, done(before.sign(CLAIMS, "at+jwt")), "the token's key had stopped signing");
    }

    @Test
    void says_so_only_of_a_signature_that_is_right() {
      var token = issuedAt(STOPPED.plusSeconds(1));
      refuses(after, token.substring(0, token.length() - 4) + "AAAA", "signature is wrong");
    }

    private String issuedAt(Instant time) {
      var claims = new JWTClaimsSet.Builder(CLAIMS).issueTime(Date.from(time)).build();
      return done(before.sign(claims, "at+jwt"));
    }
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void a_public_half_from_the_ring_verifies(String name, String provider, CryptoProvider crypto) {
    var key = key(name + ".pem");
    var half = VerificationKey.parse(new JsonObject(key.publicHalf().toJson().encode()));
    var here = signatures(SigningKeys.of(Optional.empty(), List.of(half)), crypto);
    var token = done(signatures(key, JDK).sign(CLAIMS, "at+jwt"));
    assertThat(done(here.verify(token, "at+jwt")).getSubject()).isEqualTo("alice");
  }

  @Test
  void a_replica_without_a_key_that_may_sign_is_unavailable() {
    var here = signatures(SigningKeys.of(Optional.empty(), List.of(EC.publicHalf())), JDK);
    assertThatThrownBy(() -> done(here.sign(CLAIMS, "at+jwt")))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("no key that is here may sign");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AAAA\"}",
        "{\"kty\":\"RSA\",\"alg\":\"ES256\",\"n\":\"AQAB\",\"e\":\"AQAB\"}"
      })
  void what_is_no_public_key_of_a_known_kind_is_refused(String jwk) {
    assertThatThrownBy(() -> VerificationKey.parse(new JsonObject(jwk)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a public key that verifies tokens");
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class While_all_workers_are_busy {
    @Test
    void a_public_half_that_is_fast_verifies_in_place() throws Exception {
      var keys = SigningKeys.of(Optional.empty(), List.of(EC.publicHalf()));
      var here = new Signatures(vertx, () -> keys, new Workshop(JDK, everyReading(199_000)));
      done(here.prepare());
      var token = done(signatures(EC, JDK).sign(CLAIMS, "at+jwt"));
      assertThat(whileWorkersAreBusy(() -> here.verify(token, "at+jwt"))).isTrue();
    }

    @Test
    void a_key_that_was_timed_in_another_snapshot_is_not_timed_again() throws Exception {
      var keys = new AtomicReference<>(SigningKeys.of(EC, List.of()));
      var signatures = new Signatures(vertx, keys::get, new Workshop(JDK, everyReading(1)));
      done(signatures.prepare());
      keys.set(SigningKeys.of(EC, List.of(ED)));
      assertThat(whileWorkersAreBusy(() -> signatures.sign(CLAIMS, "at+jwt"))).isTrue();
    }

    @Test
    void a_fast_key_signs_in_place() throws Exception {
      var signatures = timed(EC, everyReading(199_000));
      assertThat(whileWorkersAreBusy(() -> signatures.sign(CLAIMS, "at+jwt"))).isTrue();
    }

    @Test
    void a_slow_key_signs_in_a_worker() throws Exception {
      var signatures = timed(EC, everyReading(201_000));
      assertThat(whileWorkersAreBusy(() -> signatures.sign(CLAIMS, "at+jwt"))).isFalse();
    }

    @Test
    void a_fast_key_verifies_in_place() throws Exception {
      var signatures = timed(EC, everyReading(199_000));
      var token = done(signatures.sign(CLAIMS, "at+jwt"));
      assertThat(whileWorkersAreBusy(() -> signatures.verify(token, "at+jwt"))).isTrue();
    }

    @Test
    void a_slow_key_verifies_in_a_worker() throws Exception {
      var signatures = timed(EC, everyReading(201_000));
      var token = done(signatures.sign(CLAIMS, "at+jwt"));
      assertThat(whileWorkersAreBusy(() -> signatures.verify(token, "at+jwt"))).isFalse();
    }

    @Test
    void a_key_that_was_not_timed_yet_signs_in_a_worker() throws Exception {
      var keys = SigningKeys.of(EC, List.of());
      var signatures = new Signatures(vertx, () -> keys, new Workshop(JDK, everyReading(1)));
      assertThat(whileWorkersAreBusy(() -> signatures.sign(CLAIMS, "at+jwt"))).isFalse();
    }

    private Signatures timed(SigningKey key, LongSupplier nanos) {
      var keys = SigningKeys.of(key, List.of());
      var signatures = new Signatures(vertx, () -> keys, new Workshop(JDK, nanos));
      done(signatures.prepare());
      return signatures;
    }

    /** Whether the work is done although no worker can do it. */
    private <T> boolean whileWorkersAreBusy(java.util.function.Supplier<Future<T>> work)
        throws InterruptedException {
      var busy = new CountDownLatch(2);
      var free = new CountDownLatch(1);
      var workers = Stream.of(busy, busy).map(latch -> occupy(latch, free)).toList();
      assertThat(busy.await(Patience.SECONDS, Patience.UNIT)).isTrue();
      var result = work.get();
      var inPlace = result.isComplete();
      free.countDown();
      done(result);
      done(Future.all(workers));
      return inPlace;
    }

    private Future<Boolean> occupy(CountDownLatch busy, CountDownLatch free) {
      return vertx.executeBlocking(
          () -> {
            busy.countDown();
            return free.await(Patience.SECONDS, Patience.UNIT);
          },
          false);
    }

    /** A clock on which every operation takes this long. */
    private LongSupplier everyReading(long step) {
      var now = new AtomicLong();
      return () -> now.getAndAdd(step);
    }
  }

  @Test
  void a_provider_that_refuses_the_key_gives_way_to_the_jdk() {
    var useless = new CryptoProvider(Optional.of(new Useless()), "test");
    var signatures = signatures(EC, useless);
    var token = done(signatures.sign(CLAIMS, "at+jwt"));
    assertThat(done(signatures.verify(token, "at+jwt")).getSubject()).isEqualTo("alice");
  }

  private static final class Useless extends Provider {
    private static final long serialVersionUID = 1L;

    Useless() {
      super("Useless", "1", "knows no algorithm");
    }
  }

  private static JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.RS256)
        .type(new JOSEObjectType("at+jwt"))
        .keyID(RSA.kid());
  }

  private static String signedByRsa(JWSHeader.Builder header) throws Exception {
    var token = new SignedJWT(header.build(), CLAIMS);
    token.sign(new RSASSASigner(RSA.pair().getPrivate()));
    return token.serialize();
  }

  private static Signatures signatures(SigningKey key, CryptoProvider crypto) {
    return signatures(SigningKeys.of(key, List.of()), crypto);
  }

  private static Signatures signatures(SigningKeys keys, CryptoProvider crypto) {
    return new Signatures(vertx, () -> keys, crypto);
  }

  private static void refuses(Signatures signatures, String token, String because) {
    assertThatThrownBy(() -> done(signatures.verify(token, "at+jwt")))
        .isInstanceOf(OAuthException.class)
        .hasMessageStartingWith("invalid_token: ")
        .hasMessageContaining(because);
  }

  private static JsonObject decoded(String token, int part) {
    return new JsonObject(
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.", -1)[part]), StandardCharsets.UTF_8));
  }

  private static String encoded(JsonObject part) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(part.toBuffer().getBytes());
  }
}
