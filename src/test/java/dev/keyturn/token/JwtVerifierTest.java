package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JwtVerifierTest {
  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 100));
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);

  private JWTClaimsSet.Builder good() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER.value())
        .subject("alice")
        .audience(RESOURCE)
        .issueTime(Date.from(clock.instant()))
        .expirationTime(Date.from(clock.instant().plusSeconds(60)))
        .jwtID("the-jti")
        .claim("client_id", CLIENT)
        .claim("scope", "a b")
        .claim("sid", "the-sid");
  }

  private String signed(JWTClaimsSet.Builder claims) {
    return done(given.signatures.sign(claims.build(), "at+jwt"));
  }

  private AccessToken verified(JWTClaimsSet.Builder claims) {
    return done(given.verifier.verify(signed(claims)));
  }

  private void refuses(JWTClaimsSet.Builder claims, String because) {
    assertThat(failed(given.verifier.verify(signed(claims))))
        .hasMessage("invalid_token: " + because);
  }

  @Test
  void a_good_token_is_read() {
    var now = clock.instant();
    assertThat(verified(good()))
        .isEqualTo(
            new AccessToken(
                "the-jti",
                "alice",
                CLIENT,
                "the-sid",
                List.of(RESOURCE),
                Scopes.parse("a b"),
                now,
                now.plusSeconds(60)));
  }

  @Test
  void our_own_access_token_is_good() {
    var session =
        new Session(
            given.authorization("a"), clock.instant().plusSeconds(9), Optional.empty(), false);
    var token = done(given.jwts.accessToken(session, Scopes.NONE, RESOURCE)).token();
    assertThat(done(given.verifier.verify(token)).subject()).isEqualTo("alice");
  }

  @Test
  void a_token_without_scope_has_none() {
    assertThat(verified(good().claim("scope", null)).scopes()).isEqualTo(Scopes.NONE);
  }

  @Nested
  class It_refuses {
    @Test
    void another_issuer() {
      refuses(good().issuer(ISSUER.value() + "/"), "the token has another issuer");
    }

    @Test
    void no_issuer() {
      refuses(good().issuer(null), "the token has another issuer");
    }

    @Test
    void a_token_at_the_very_second_at_which_it_expires() {
      refuses(good().expirationTime(Date.from(clock.instant())), "the token has expired");
    }

    @Test
    void a_token_not_a_millisecond_earlier() {
      var token = signed(good());
      clock.forward(Duration.ofSeconds(60).minusMillis(1));
      assertThat(done(given.verifier.verify(token)).id()).isEqualTo("the-jti");
    }

    @Test
    void a_token_before_its_time() {
      refuses(
          good().notBeforeTime(Date.from(clock.instant().plusSeconds(1))),
          "the token is not valid yet");
    }

    @Test
    void a_token_whose_time_has_come_not() {
      assertThat(verified(good().notBeforeTime(Date.from(clock.instant()))).id())
          .isEqualTo("the-jti");
    }

    @ParameterizedTest
    @CsvSource({"sid", "client_id", "jti", "sub", "iat", "exp"})
    void a_token_without(String claim) {
      refuses(good().claim(claim, null), "the token lacks a claim");
    }

    @ParameterizedTest
    @CsvSource({"sid", "client_id", "scope"})
    void a_claim_that_is_no_text(String claim) {
      refuses(good().claim(claim, 7), "the token lacks a claim");
    }

    @Test
    void an_id_token() {
      var token = done(given.signatures.sign(good().build(), "JWT"));
      assertThat(failed(given.verifier.verify(token))).hasMessageStartingWith("invalid_token");
    }

    @Test
    void a_session_that_was_denied() {
      done(given.denials.deny("the-sid"));
      refuses(good(), "the session has ended");
    }

    @Test
    void to_judge_when_it_cannot_tell() {
      store.away(true);
      assertThat(failed(given.verifier.verify(signed(good()))))
          .isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void the_store_is_not_asked_about_a_bad_token() {
    refuses(good().issuer("https://evil.example"), "the token has another issuer");
    assertThat(store.calls()).isZero();
  }
}
