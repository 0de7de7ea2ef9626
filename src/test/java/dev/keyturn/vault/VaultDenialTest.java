package dev.keyturn.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.given.Outcome;
import dev.keyturn.given.QuietUpstream;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a refresh that was refused leaves of an entry whose access token still lives. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VaultDenialTest {
  private static final VaultKey KEY = new VaultKey("u_1", "hub", "alice-1");

  private final SettableClock clock = new SettableClock();
  private final GivenVault given = new GivenVault(clock);
  private final VaultEntries entries = given.entries(new MemoryStore(clock, 100));
  private ErrorCode answer = ErrorCode.ACCESS_DENIED;
  private final Vault vault =
      new Vault(entries, () -> Map.of("hub", GivenVault.at(new Refusing())), given.means());

  @BeforeEach
  void keep() {
    var tokens =
        new UpstreamTokens(
            "at",
            Optional.of("rt"),
            Optional.empty(),
            Optional.of(clock.instant().plusSeconds(20)),
            Scopes.NONE);
    Outcome.of(vault.keep(KEY, new UpstreamLogin(alice(), tokens)));
    clock.forward(Duration.ofSeconds(16));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"ACCESS_DENIED", "INVALID_GRANT"})
  void a_definite_no_asks_for_a_new_login(ErrorCode no) {
    answer = no;
    assertThat(refusal()).isEqualTo(ErrorCode.INVALID_TOKEN);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"ACCESS_DENIED", "INVALID_GRANT"})
  void a_definite_no_ends_the_entry(ErrorCode no) {
    answer = no;
    refusal();
    assertThat(Outcome.of(entries.read(KEY)).orElseThrow().value().state().dead()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"ACCESS_DENIED", "INVALID_GRANT"})
  void nothing_of_the_tokens_is_left_in_a_dead_entry(ErrorCode no) {
    answer = no;
    refusal();
    var entry = Outcome.of(entries.read(KEY)).orElseThrow().value();
    assertThat(EntryJson.of(entry).encode()).doesNotContain("\"at").doesNotContain("\"rt");
  }

  @Test
  void any_other_doubt_leaves_the_old_token_while_it_lives() {
    answer = ErrorCode.SERVER_ERROR;
    assertThat(Outcome.of(vault.accessToken(KEY))).isEqualTo("at");
    assertThat(Outcome.of(entries.read(KEY)).orElseThrow().value().state().dead()).isFalse();
  }

  private ErrorCode refusal() {
    return catchThrowableOfType(OAuthException.class, () -> Outcome.of(vault.accessToken(KEY)))
        .error()
        .code();
  }

  private static Identity alice() {
    return new Identity(
        "u_1",
        "alice-1",
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private final class Refusing implements QuietUpstream {
    @Override
    public String name() {
      return "hub";
    }

    @Override
    public Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
      return Future.succeededFuture(
          new RefreshAnswer.Redeemed(
              ScriptedUpstream.tokens("at-2", Optional.of("rt-2"), Optional.empty())));
    }

    @Override
    public Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
      return Future.failedFuture(answer.because("no"));
    }
  }
}
