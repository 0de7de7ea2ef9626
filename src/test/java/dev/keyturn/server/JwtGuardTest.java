package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.keys.SigningKeys;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.AccessToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JwtGuardTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String ISSUER = "https://as.example";
  private static final AccessToken CLAIMS =
      new AccessToken(
          "j", "u_a", "c", "s", List.of("a"), Scopes.NONE, Instant.EPOCH, Instant.EPOCH);

  private final SigningKeys first = SigningKeys.ephemeral(new SecureRandom());
  private final SigningKeys second = SigningKeys.ephemeral(new SecureRandom());
  private final AtomicReference<SigningKeys> keys = new AtomicReference<>(first);

  /** Our own verdict would let everything pass: what is refused, the guard refuses. */
  private final JwtGuard guard =
      new JwtGuard(VERTX, keys::get, new Issuer(ISSUER), token -> Future.succeededFuture(CLAIMS));

  @AfterAll
  static void stop() {
    done(VERTX.close());
  }

  private static String token(SigningKeys by) {
    return GivenToken.signed(VERTX, by, ISSUER);
  }

  private void refuses(String token) {
    assertThat(((OAuthException) failed(guard.verify(token))).error().code())
        .isEqualTo(ErrorCode.INVALID_TOKEN);
  }

  @Test
  void lets_a_token_of_ours_pass() {
    assertThat(done(guard.verify(token(first)))).isEqualTo(CLAIMS);
  }

  @Test
  void refuses_an_unsigned_token() {
    refuses(GivenToken.unsigned(ISSUER));
  }

  @Test
  void refuses_a_token_without_its_signature() {
    var token = token(first);
    refuses(token.substring(0, token.lastIndexOf('.') + 1));
  }

  @Test
  void refuses_another_issuer() {
    refuses(GivenToken.signed(VERTX, first, "https://other.example"));
  }

  @Test
  void refuses_another_key() {
    refuses(token(second));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c", "..", "e30.e30."})
  void refuses_what_is_no_token(String text) {
    refuses(text);
  }

  @Test
  void follows_the_keys() {
    keys.set(second);
    assertThat(done(guard.verify(token(second)))).isEqualTo(CLAIMS);
    refuses(token(first));
  }

  @Test
  void still_needs_our_own_verdict() {
    var strict =
        new JwtGuard(
            VERTX,
            keys::get,
            new Issuer(ISSUER),
            token -> Future.failedFuture(ErrorCode.INVALID_TOKEN.because("revoked")));
    assertThat(((OAuthException) failed(strict.verify(token(first)))).error().description())
        .isEqualTo("revoked");
  }
}
