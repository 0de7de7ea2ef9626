package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7009, section 2.1. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RevocationsTest {
  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 100));
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private final Revocations revocations =
      new Revocations(
          given.refreshTokens, given.verifier, given.sessions, given.denials, given.audit);
  private final TokenSet first =
      done(given.tokens.begin(given.authorization("a"), RESOURCE, Optional.empty(), true));
  private final String refreshToken = first.refreshToken().orElseThrow();

  private TokenSet refreshed() {
    return done(given.tokens.refresh(refreshToken, GivenSessions::everything));
  }

  @Test
  void a_refresh_token_takes_the_access_tokens_of_its_session_along() {
    done(revocations.revoke(refreshToken));
    assertThat(failed(given.verifier.verify(first.accessToken())))
        .hasMessage("invalid_token: the session has ended");
  }

  @Test
  void a_refresh_token_is_worthless_afterwards() {
    done(revocations.revoke(refreshToken));
    assertThat(failed(given.tokens.refresh(refreshToken, GivenSessions::everything)))
        .hasMessage("invalid_grant: the session has ended");
  }

  @Test
  void a_refresh_token_that_was_replaced_names_its_session_too() {
    var second = refreshed();
    done(revocations.revoke(refreshToken));
    assertThat(failed(given.verifier.verify(second.accessToken())))
        .hasMessageStartingWith("invalid_token");
  }

  @Test
  void an_access_token_takes_itself_only() {
    var second = refreshed();
    done(revocations.revoke(first.accessToken()));
    assertThat(failed(given.verifier.verify(first.accessToken())))
        .hasMessageStartingWith("invalid_token");
    assertThat(done(given.verifier.verify(second.accessToken())).subject()).isEqualTo("alice");
  }

  @Test
  void an_access_token_leaves_the_refresh_token_good() {
    done(revocations.revoke(first.accessToken()));
    assertThat(refreshed().refreshToken()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "ktr_garbage", "a.b.c", "eyJhbGciOiJub25lIn0.e30."})
  void nothing_happens_for_what_is_not_ours(String token) {
    done(revocations.revoke(token));
    assertThat(given.told).isEmpty();
  }

  @Test
  void nothing_happens_for_an_access_token_that_has_ended() {
    clock.forward(Duration.ofHours(1));
    done(revocations.revoke(first.accessToken()));
    assertThat(given.told).isEmpty();
  }

  @Test
  void it_may_be_asked_for_again() {
    done(revocations.revoke(refreshToken));
    done(revocations.revoke(refreshToken));
    done(revocations.revoke(first.accessToken()));
    assertThat(given.told).containsExactly("token.revoked session", "token.revoked session");
  }

  @Test
  void it_is_audited() {
    done(revocations.revoke(first.accessToken()));
    assertThat(given.told).containsExactly("token.revoked access_token");
  }

  @Test
  void it_fails_while_the_store_is_away() {
    store.away(true);
    assertThat(failed(revocations.revoke(refreshToken))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void a_client_gives_back_its_refresh_token() {
    done(revocations.revoke(refreshToken, GivenSessions.CLIENT));
    assertThat(given.told).containsExactly("token.revoked session");
  }

  @Test
  void a_client_gives_back_its_access_token() {
    done(revocations.revoke(first.accessToken(), GivenSessions.CLIENT));
    assertThat(given.told).containsExactly("token.revoked access_token");
  }

  @Test
  void a_client_gives_nothing_back_that_is_of_another_one() {
    done(revocations.revoke(refreshToken, "another"));
    done(revocations.revoke(first.accessToken(), "another"));
    assertThat(given.told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "ktr_garbage", "a.b.c"})
  void a_client_is_not_told_that_a_token_is_none_of_ours(String token) {
    done(revocations.revoke(token, GivenSessions.CLIENT));
    assertThat(given.told).isEmpty();
  }

  @Test
  void a_client_is_told_where_it_cannot_be_done_now() {
    store.away(true);
    assertThat(failed(revocations.revoke(refreshToken, GivenSessions.CLIENT)))
        .isInstanceOf(UnavailableException.class);
  }
}
