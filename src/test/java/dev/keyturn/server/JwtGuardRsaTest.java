package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.keys.Signatures;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.keys.SigningKey;
import dev.keyturn.keys.SigningKeys;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.AccessToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JwtGuardRsaTest {
  private static final Issuer ISSUER = new Issuer("https://mcp.example.com");

  private static final AccessToken ALICE =
      new AccessToken(
          "id",
          "alice",
          "client",
          "sid",
          List.of("https://mcp.example.com/mcp"),
          Scopes.parse("openid"),
          Instant.EPOCH,
          Instant.parse("2100-01-01T00:00:00Z"));

  private final Vertx vertx = Vertx.vertx();
  private final SigningKey rsa = rsa();

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  @ParameterizedTest
  @EnumSource(names = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void takes_what_an_rsa_key_signed_before_its_setting_was_changed(SigningAlgorithm before) {
    var now = rsa.under(SigningAlgorithm.PS384);
    assertThat(done(guard(now).verify(signed(rsa.under(before)))).subject()).isEqualTo("alice");
  }

  @Test
  void refuses_what_another_key_signed() {
    var other = SigningKey.generate(new SecureRandom());
    assertThat(failed(guard(rsa).verify(signed(other)))).hasMessageContaining("not valid");
  }

  /** The second verdict is always yes here: what is refused, vertx-auth-jwt refused. */
  private JwtGuard guard(SigningKey key) {
    var keys = SigningKeys.of(key, List.of());
    return new JwtGuard(vertx, () -> keys, ISSUER, token -> Future.succeededFuture(ALICE));
  }

  private String signed(SigningKey key) {
    var keys = SigningKeys.of(key, List.of());
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER.value())
            .subject("alice")
            .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")))
            .build();
    return done(new Signatures(vertx, () -> keys, CryptoProvider.detect()).sign(claims, "at+jwt"));
  }

  private static SigningKey rsa() {
    try (var in = JwtGuardTest.class.getResourceAsStream("/dev/keyturn/keys/rsa2048-pkcs8.pem")) {
      return SigningKey.fromPem(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
