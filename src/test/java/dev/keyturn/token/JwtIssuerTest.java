package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.keys.Signatures;
import dev.keyturn.keys.SigningKey;
import dev.keyturn.keys.SigningKeys;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JwtIssuerTest {
  private static final Vertx VERTX = Vertx.vertx();

  private final SettableClock clock = new SettableClock();
  private final GivenSessions given =
      new GivenSessions(new MemoryStore(clock, 100), clock, Lifespans.DEFAULT);
  private final Session session = session("openid mcp:read");

  @AfterAll
  static void stop() {
    done(VERTX.close());
  }

  private Session session(String scopes) {
    return new Session(
        given.authorization(scopes),
        clock.instant().plus(Duration.ofDays(30)),
        Optional.empty(),
        false);
  }

  private String access() {
    return done(given.jwts.accessToken(session, Scopes.parse("mcp:read x"), RESOURCE)).token();
  }

  private static JsonObject payload(String token) {
    return new JsonObject(new Base64URL(token.split("\\.", -1)[1]).decodeToString());
  }

  private static JsonObject header(String token) {
    return new JsonObject(new Base64URL(token.split("\\.", -1)[0]).decodeToString());
  }

  @Nested
  class An_access_token {
    @Test
    void is_of_its_own_type() {
      assertThat(header(access()).getString("typ")).isEqualTo("at+jwt");
    }

    @Test
    void claims_what_rfc_9068_says_and_the_session() {
      var claims = payload(access());
      assertThat((String) claims.remove("jti")).hasSize(22);
      assertThat(claims)
          .isEqualTo(
              new JsonObject()
                  .put("iss", ISSUER.value())
                  .put("sub", "alice")
                  .put("aud", RESOURCE)
                  .put("client_id", CLIENT)
                  .put("scope", "mcp:read x")
                  .put("sid", session.authorization().sessionId())
                  .put("iat", clock.instant().getEpochSecond())
                  .put("exp", clock.instant().plusSeconds(3600).getEpochSecond()));
    }

    @Test
    void has_a_jti_of_its_own() {
      var seen = new HashSet<String>();
      for (int i = 0; i < 1000; i++) {
        assertThat(seen.add(payload(access()).getString("jti"))).isTrue();
      }
    }

    @Test
    void has_no_scope_claim_when_nothing_was_granted() {
      var token = done(given.jwts.accessToken(session, Scopes.NONE, RESOURCE)).token();
      assertThat(payload(token).fieldNames()).doesNotContain("scope");
    }
  }

  @Nested
  class An_id_token {
    private String idToken(Optional<String> nonce) {
      return done(given.jwts.idToken(session, access(), nonce));
    }

    @Test
    void claims_what_is_known_of_the_login() {
      var claims = payload(idToken(Optional.of("the-nonce")));
      assertThat((String) claims.remove("at_hash")).isNotEmpty();
      assertThat(claims)
          .isEqualTo(
              new JsonObject()
                  .put("iss", ISSUER.value())
                  .put("sub", "alice")
                  .put("aud", CLIENT)
                  .put("nonce", "the-nonce")
                  .put("auth_time", clock.instant().getEpochSecond() - 300)
                  .put("acr", "phr")
                  .put("amr", List.of("pwd", "otp"))
                  .put("sid", session.authorization().sessionId())
                  .put("iat", clock.instant().getEpochSecond())
                  .put("exp", clock.instant().plusSeconds(3600).getEpochSecond()));
    }

    @Test
    void is_of_another_type_than_an_access_token() {
      assertThat(header(idToken(Optional.empty())).getString("typ")).isEqualTo("JWT");
    }

    @Test
    void leaves_out_what_is_not_known() {
      var whole = session.authorization();
      var silent =
          new Authorization.Person(
              Optional.empty(),
              Optional.empty(),
              false,
              Optional.empty(),
              Optional.empty(),
              List.of());
      var authorization =
          new Authorization(
              whole.sessionId(),
              whole.clientId(),
              whole.subject(),
              whole.scopes(),
              whole.resources(),
              whole.accounts(),
              silent);
      var bare = new Session(authorization, session.endsAt(), Optional.empty(), false);
      var token = done(given.jwts.idToken(bare, access(), Optional.empty()));
      assertThat(payload(token).fieldNames())
          .containsExactlyInAnyOrder("iss", "sub", "aud", "exp", "iat", "sid", "at_hash");
    }
  }

  @Nested
  class With_every_algorithm {
    private final Clock now = Clock.systemUTC();

    private SigningKeys keys(String file) throws Exception {
      try (var in = JwtIssuerTest.class.getResourceAsStream("/dev/keyturn/keys/" + file)) {
        var pem = Objects.requireNonNull(in, file).readAllBytes();
        return SigningKeys.of(SigningKey.fromPem(pem), List.of());
      }
    }

    private JwtIssuer issuer(SigningKeys keys) {
      return new JwtIssuer(
          ISSUER,
          new Signatures(VERTX, () -> keys, CryptoProvider.jdk("test")),
          Lifespans.DEFAULT,
          new SecureRandom(),
          now);
    }

    private Session live() {
      return new Session(
          given.authorization("openid"),
          now.instant().plus(Duration.ofDays(1)),
          Optional.empty(),
          false);
    }

    @ParameterizedTest
    @CsvSource({
      "p256-pkcs8.pem,ES256",
      "p384-pkcs8.pem,ES384",
      "p521-pkcs8.pem,ES512",
      "rsa2048-pkcs8.pem,RS256"
    })
    void nimbus_takes_the_id_token_and_its_at_hash(String file, String algorithm) throws Exception {
      var keys = keys(file);
      var issuer = issuer(keys);
      var alg = JWSAlgorithm.parse(algorithm);
      var access = done(issuer.accessToken(live(), Scopes.parse("openid"), RESOURCE)).token();
      var id = done(issuer.idToken(live(), access, Optional.of("n-1")));
      var claims =
          new IDTokenValidator(
                  new Issuer(ISSUER.value()),
                  new ClientID(CLIENT),
                  alg,
                  JWKSet.parse(keys.jwks().encode()))
              .validate(SignedJWT.parse(id), new Nonce("n-1"));
      AccessTokenValidator.validate(
          new BearerAccessToken(access),
          alg,
          new AccessTokenHash(claims.getStringClaim("at_hash")));
    }

    @ParameterizedTest
    @CsvSource({
      "p256-pkcs8.pem,SHA-256",
      "p384-pkcs8.pem,SHA-384",
      "p521-pkcs8.pem,SHA-512",
      "rsa2048-pkcs8.pem,SHA-256",
      "ed25519-pkcs8.pem,SHA-512"
    })
    void the_at_hash_is_half_of_the_hash_that_the_algorithm_uses(String file, String hash)
        throws Exception {
      var issuer = issuer(keys(file));
      var access = done(issuer.accessToken(live(), Scopes.parse("openid"), RESOURCE)).token();
      var whole =
          MessageDigest.getInstance(hash)
              .digest(access.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(
              payload(done(issuer.idToken(live(), access, Optional.empty()))).getString("at_hash"))
          .isEqualTo(Base64URL.encode(Arrays.copyOf(whole, whole.length / 2)).toString());
    }
  }
}
