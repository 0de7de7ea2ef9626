package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenID Connect Core, section 3.1.2.2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class IdTokenHintsTest {
  private static final String REFUSAL =
      "invalid_request: id_token_hint is not an ID token that this server gave this client lately";

  private final SettableClock clock = new SettableClock();
  private final GivenSessions given =
      new GivenSessions(new MemoryStore(clock, 100), clock, Lifespans.DEFAULT);
  private final IdTokenHints hints =
      new IdTokenHints(ISSUER, given.signatures, Lifespans.DEFAULT.session(), clock);

  private String signed(UnaryOperator<JWTClaimsSet.Builder> change, String typ) {
    var good =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER.value())
            .subject("u_alice")
            .audience(CLIENT)
            .issueTime(Date.from(clock.instant()))
            .expirationTime(Date.from(clock.instant().plusSeconds(60)));
    return done(given.signatures.sign(change.apply(good).build(), typ));
  }

  private String hint() {
    return signed(UnaryOperator.identity(), "JWT");
  }

  private void refuses(String hint) {
    assertThat(failed(hints.subject(hint, CLIENT))).hasMessage(REFUSAL);
  }

  @Test
  void an_id_token_of_a_session_names_its_person() {
    var authorization = given.authorization("openid");
    var tokens =
        done(given.tokens.begin(authorization, GivenSessions.RESOURCE, Optional.empty(), false));
    assertThat(done(hints.subject(tokens.idToken().orElseThrow(), CLIENT))).isEqualTo("alice");
  }

  @Test
  void one_that_has_expired_still_does() {
    var hint = hint();
    clock.forward(Duration.ofDays(29));
    assertThat(done(hints.subject(hint, CLIENT))).isEqualTo("u_alice");
  }

  @Test
  void one_that_is_older_than_any_session_does_not() {
    var hint = hint();
    clock.forward(Duration.ofDays(30));
    refuses(hint);
  }

  @Test
  void one_of_another_issuer_is_refused() {
    refuses(signed(claims -> claims.issuer("https://evil.example"), "JWT"));
  }

  @Test
  void one_that_another_client_was_given_is_refused() {
    refuses(signed(claims -> claims.audience("another"), "JWT"));
  }

  @Test
  void one_without_a_subject_is_refused() {
    refuses(signed(claims -> claims.subject(null), "JWT"));
  }

  @Test
  void one_that_does_not_say_how_old_it_is_is_refused() {
    refuses(signed(claims -> claims.issueTime(null), "JWT"));
  }

  @Test
  void an_access_token_is_no_hint() {
    refuses(signed(claims -> claims, "at+jwt"));
  }

  @Test
  void one_that_was_changed_is_refused() {
    var hint = hint();
    var payload = hint.indexOf('.') + 5;
    var letter = hint.charAt(payload) == 'A' ? 'B' : 'A';
    refuses(hint.substring(0, payload) + letter + hint.substring(payload + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "eyJhbGciOiJub25lIn0.e30.", "alice@example.com"})
  void what_is_no_token_is_refused(String hint) {
    refuses(hint);
  }

  @Test
  void a_failure_of_ours_is_not_the_clients_mistake() {
    var away =
        new IdTokenHints(
            ISSUER,
            (token, typ) ->
                Future.failedFuture(new UnavailableException("no keys", Duration.ofSeconds(1))),
            Duration.ofDays(30),
            clock);
    assertThat(failed(away.subject(hint(), CLIENT))).isNotInstanceOf(OAuthException.class);
  }

  @Test
  void whoever_brings_it_an_id_token_tells_its_session_and_client() {
    var hint = signed(claims -> claims.claim("sid", "s1"), "JWT");
    assertThat(done(hints.find(hint))).contains(new IdTokenHints.Hint("s1", CLIENT));
  }

  @Test
  void an_id_token_of_no_session_tells_nothing() {
    assertThat(done(hints.find(hint()))).isEmpty();
  }

  @Test
  void an_id_token_for_several_clients_tells_nothing() {
    var hint =
        signed(claims -> claims.claim("sid", "s1").audience(List.of(CLIENT, "another")), "JWT");
    assertThat(done(hints.find(hint))).isEmpty();
  }

  @Test
  void an_id_token_of_another_issuer_tells_nothing() {
    var hint = signed(claims -> claims.claim("sid", "s1").issuer("https://evil.example"), "JWT");
    assertThat(done(hints.find(hint))).isEmpty();
  }

  @Test
  void an_id_token_that_is_older_than_any_session_tells_nothing() {
    var hint = signed(claims -> claims.claim("sid", "s1"), "JWT");
    clock.forward(Duration.ofDays(30));
    assertThat(done(hints.find(hint))).isEmpty();
  }

  @Test
  void garbage_tells_nothing() {
    assertThat(done(hints.find("garbage"))).isEmpty();
  }

  @Test
  void what_cannot_be_verified_now_is_not_taken_for_garbage() {
    var away = new UnavailableException("keys", Duration.ofSeconds(1));
    var now =
        new IdTokenHints(
            ISSUER, (token, type) -> Future.failedFuture(away), Duration.ofDays(1), clock);
    assertThat(failed(now.find(hint()))).isSameAs(away);
  }
}
