package dev.keyturn.keys;

import static dev.keyturn.keys.Await.done;
import static dev.keyturn.keys.GivenKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.GivenServer;
import dev.keyturn.given.Patience;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every algorithm, by native code and by the JDK, from the signature to who reads only the JWKS.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyKindsTest {
  private static final CryptoProvider JDK = CryptoProvider.jdk("test");
  private static final String PATH = "/.well-known/jwks.json";
  private static final Issuer ISSUER = new Issuer("https://mcp.example.com");
  private static final JWTClaimsSet CLAIMS =
      new JWTClaimsSet.Builder()
          .subject("alice")
          .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")))
          .build();

  private static final AtomicReference<SigningKeys> KEYS =
      new AtomicReference<>(SigningKeys.of(key("p256-pkcs8.pem"), List.of()));
  private static final Map<SigningAlgorithm, SigningKey> GIVEN =
      new EnumMap<>(SigningAlgorithm.class);
  private static Vertx vertx;
  private static GivenServer server;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(1).setEventLoopPoolSize(1));
    server =
        GivenServer.with(
            ISSUER, List.of(new JwksEndpoint(ISSUER, KEYS::get, Duration.ofMinutes(5))));
  }

  @AfterAll
  static void stop() {
    server.close();
    done(vertx.close());
  }

  static Stream<Arguments> matrix() {
    return Arrays.stream(SigningAlgorithm.values())
        .flatMap(
            algorithm ->
                Stream.of(CryptoProvider.detect(), JDK)
                    .map(crypto -> Arguments.of(algorithm, crypto.name(), crypto)));
  }

  static Stream<SigningAlgorithm> ofRsa() {
    return KeyKind.RSA.algorithms().stream();
  }

  @Test
  void there_are_ten_algorithms_and_native_code_for_the_matrix() {
    assertThat(matrix()).hasSize(20);
    assertThat(CryptoProvider.detect().isNative()).isTrue();
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void the_header_names_the_algorithm(
      SigningAlgorithm algorithm, String provider, CryptoProvider crypto) throws Exception {
    var header = SignedJWT.parse(signed(algorithm, crypto)).getHeader();
    assertThat(header.getAlgorithm().getName()).isEqualTo(algorithm.wire());
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void we_take_our_own_token(SigningAlgorithm algorithm, String provider, CryptoProvider crypto) {
    var token = signed(algorithm, crypto);
    assertThat(subject(signatures(given(algorithm), crypto), token)).isEqualTo("alice");
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void the_other_provider_takes_it_too(
      SigningAlgorithm algorithm, String provider, CryptoProvider crypto) {
    var other = crypto.isNative() ? JDK : CryptoProvider.detect();
    assertThat(subject(signatures(given(algorithm), other), signed(algorithm, crypto)))
        .isEqualTo("alice");
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void vertx_takes_it_by_the_published_keys_alone(
      SigningAlgorithm algorithm, String provider, CryptoProvider crypto) {
    var jwks = published(SigningKeys.of(given(algorithm), List.of()));
    var auth = JWTAuth.create(vertx, new JWTAuthOptions().setJwks(jwks));
    var user = done(auth.authenticate(new TokenCredentials(signed(algorithm, crypto))));
    assertThat(user.subject()).isEqualTo("alice");
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void plain_java_takes_it_by_the_published_keys_alone(
      SigningAlgorithm algorithm, String provider, CryptoProvider crypto) {
    var jwks = published(SigningKeys.of(given(algorithm), List.of()));
    assertThat(new Stranger(jwks).accepts(signed(algorithm, crypto))).isTrue();
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void plain_java_refuses_it_once_it_was_changed(
      SigningAlgorithm algorithm, String provider, CryptoProvider crypto) {
    var jwks = published(SigningKeys.of(given(algorithm), List.of()));
    assertThat(new Stranger(jwks).accepts(tampered(signed(algorithm, crypto)))).isFalse();
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("matrix")
  void we_refuse_it_once_it_was_changed(
      SigningAlgorithm algorithm, String provider, CryptoProvider crypto) {
    var signatures = signatures(given(algorithm), crypto);
    var changed = tampered(signed(algorithm, crypto));
    assertThatThrownBy(() -> subject(signatures, changed))
        .hasMessageContaining("the token's signature is wrong");
  }

  @ParameterizedTest
  @EnumSource
  void a_key_is_published_under_the_algorithm_in_use(SigningAlgorithm algorithm) {
    var jwk = published(SigningKeys.of(given(algorithm), List.of())).get(0);
    assertThat(jwk.getString("alg")).isEqualTo(algorithm.wire());
  }

  @ParameterizedTest
  @EnumSource
  void metadata_lists_the_algorithm_in_use(SigningAlgorithm algorithm) {
    assertThat(SigningKeys.of(given(algorithm), List.of()).algorithms())
        .containsExactly(algorithm.wire());
  }

  @ParameterizedTest
  @EnumSource
  void a_new_key_signs_under_its_algorithm(SigningAlgorithm algorithm) throws Exception {
    var made =
        algorithm.kind() == KeyKind.RSA
            ? given(algorithm)
            : SigningKey.generate(algorithm, new java.security.SecureRandom());
    var token = done(signatures(made, JDK).sign(CLAIMS, "at+jwt"));
    assertThat(SignedJWT.parse(token).getHeader().getAlgorithm()).isEqualTo(algorithm.jws());
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class When_the_setting_of_an_rsa_key_changes {
    @ParameterizedTest
    @MethodSource("dev.keyturn.keys.KeyKindsTest#ofRsa")
    void the_name_of_the_key_stays(SigningAlgorithm algorithm) {
      assertThat(given(algorithm).kid()).isEqualTo(key("rsa2048-pkcs8.pem").kid());
    }

    @ParameterizedTest
    @MethodSource("dev.keyturn.keys.KeyKindsTest#ofRsa")
    void a_token_of_before_is_still_good_whatever_is_used_now(SigningAlgorithm before) {
      var token = signed(before, CryptoProvider.detect());
      for (var now : KeyKind.RSA.algorithms()) {
        for (var crypto : List.of(CryptoProvider.detect(), JDK)) {
          assertThat(subject(signatures(given(now), crypto), token))
              .as("%s by %s", now, crypto.name())
              .isEqualTo("alice");
        }
      }
    }

    @Test
    void the_same_signatures_object_follows_the_setting() throws Exception {
      var keys = new AtomicReference<>(only(SigningAlgorithm.RS256));
      var signatures = new Signatures(vertx, keys::get, JDK);
      done(signatures.sign(CLAIMS, "at+jwt"));
      keys.set(only(SigningAlgorithm.PS384));
      var token = done(signatures.sign(CLAIMS, "at+jwt"));
      assertThat(SignedJWT.parse(token).getHeader().getAlgorithm().getName()).isEqualTo("PS384");
    }

    @Test
    void a_token_under_an_algorithm_that_was_not_timed_is_verified_in_a_worker() throws Exception {
      var keys = only(SigningAlgorithm.RS256);
      var signatures = new Signatures(vertx, () -> keys, new Workshop(JDK, () -> 0));
      done(signatures.prepare());
      var now = signed(SigningAlgorithm.RS256, JDK);
      var before = signed(SigningAlgorithm.PS256, JDK);
      var free = new CountDownLatch(1);
      var worker = vertx.executeBlocking(() -> free.await(Patience.SECONDS, Patience.UNIT), false);
      assertThat(signatures.verify(now, "at+jwt").isComplete()).isTrue();
      var waiting = signatures.verify(before, "at+jwt");
      assertThat(waiting.isComplete()).isFalse();
      free.countDown();
      done(Future.all(worker, waiting));
    }

    @ParameterizedTest
    @EnumSource(names = {"ES256", "ES384", "ES512", "EDDSA"})
    void no_other_kind_of_key_goes_under_an_algorithm_of_rsa(SigningAlgorithm algorithm) {
      assertThatThrownBy(() -> given(algorithm).under(SigningAlgorithm.PS256))
          .hasMessage("a key that signs " + algorithm.wire() + " cannot sign PS256");
    }

    @Test
    void an_rsa_key_goes_under_no_algorithm_of_a_curve() {
      assertThatThrownBy(() -> key("rsa2048-pkcs8.pem").under(SigningAlgorithm.EDDSA))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Rfc_8725_section_3_1 {
    @ParameterizedTest
    @EnumSource
    void a_key_verifies_no_algorithm_of_another_kind(SigningAlgorithm claimed) {
      for (var algorithm : SigningAlgorithm.values()) {
        if (algorithm.kind() != claimed.kind()) {
          refuses(algorithm, claimed.wire());
        }
      }
    }

    @ParameterizedTest
    @EnumSource
    void a_key_verifies_no_hmac_and_no_unregistered_rsa(SigningAlgorithm algorithm) {
      for (var claimed : List.of("HS256", "HS384", "HS512", "RS1", "ES256K", "rs256", "RSA-OAEP")) {
        refuses(algorithm, claimed);
      }
    }

    private void refuses(SigningAlgorithm algorithm, String claimed) {
      var forged = Stranger.forged(claimed, given(algorithm).kid());
      assertThatThrownBy(() -> subject(signatures(given(algorithm), JDK), forged))
          .as("%s by a key of %s", claimed, algorithm)
          .hasMessageContaining("another algorithm than its key's");
    }
  }

  private static SigningKeys only(SigningAlgorithm algorithm) {
    return SigningKeys.of(given(algorithm), List.of());
  }

  private static SigningKey given(SigningAlgorithm algorithm) {
    return GIVEN.computeIfAbsent(algorithm, KeyKindsTest::read);
  }

  private static SigningKey read(SigningAlgorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> key("p256-pkcs8.pem");
      case ES384 -> key("p384-pkcs8.pem");
      case ES512 -> key("p521-pkcs8.pem");
      case EDDSA -> key("ed25519-pkcs8.pem");
      default -> key("rsa2048-pkcs8.pem").under(algorithm);
    };
  }

  private static String signed(SigningAlgorithm algorithm, CryptoProvider crypto) {
    return done(signatures(given(algorithm), crypto).sign(CLAIMS, "at+jwt"));
  }

  private static Signatures signatures(SigningKey key, CryptoProvider crypto) {
    var keys = SigningKeys.of(key, List.of());
    return new Signatures(vertx, () -> keys, new Workshop(crypto, new Hurried()));
  }

  private static String subject(Signatures signatures, String token) {
    return done(signatures.verify(token, "at+jwt")).getSubject();
  }

  private static String tampered(String token) {
    var at = token.lastIndexOf('.') + 20;
    var flipped = token.charAt(at) == 'A' ? 'B' : 'A';
    return token.substring(0, at) + flipped + token.substring(at + 1);
  }

  /** What anybody gets who asks for our keys. */
  private static List<JsonObject> published(SigningKeys keys) {
    KEYS.set(keys);
    var answer = new JsonObject(server.send(server.request("GET", PATH, "")).body());
    return answer.getJsonArray("keys").stream().map(JsonObject.class::cast).toList();
  }

  /** A clock that runs so fast that a key is timed in three rounds. */
  private static final class Hurried implements java.util.function.LongSupplier {
    private long now;

    @Override
    public long getAsLong() {
      now += Duration.ofSeconds(1).toNanos();
      return now;
    }
  }
}
