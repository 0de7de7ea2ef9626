package dev.keyturn.vault;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.RevocationAnswer;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Gives tokens back to their provider that nobody may use here any more.
 *
 * <p>They are gone from the store by then, so this is tried a few times and not for ever: a
 * provider that stays away keeps tokens alive which nobody has.
 */
final class GivingBack {
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(2), Duration.ofSeconds(15));

  private final VaultEntries entries;
  private final VaultMeans means;

  GivingBack(VaultEntries entries, VaultMeans means) {
    this.entries = entries;
    this.means = means;
  }

  /** Begins to; what comes of it is audited, and nobody waits for it. */
  void begin(VaultKey key, VaultUpstream at, VaultEntry entry) {
    if (!entry.state().dead() && at.isOf(entry.state().generation())) {
      attempt(key, at, new Unused(newest(entry), entry.state().generation()), 0)
          .map(answer -> answer.name().toLowerCase(Locale.ROOT))
          .otherwise("away")
          .onSuccess(
              outcome ->
                  means
                      .audit()
                      .tell(
                          Kind.UPSTREAM_REVOKED,
                          Map.of("upstream", key.upstream(), "outcome", outcome)));
    }
  }

  private Future<RevocationAnswer> attempt(
      VaultKey key, VaultUpstream at, Unused unused, int failures) {
    return Future.succeededFuture(unused)
        .compose(tokens -> at.upstream().revoke(tokens.tokens(), tokens.generation()))
        .recover(
            cause ->
                cause instanceof UnavailableException && failures < PAUSES.size()
                    ? means
                        .pause()
                        .apply(PAUSES.get(failures))
                        .compose(over -> entries.read(key))
                        .compose(
                            again ->
                                attemptUnless(again.isPresent(), key, at, unused, failures + 1))
                    : Future.failedFuture(cause));
  }

  /** Some providers end all that one person was given, so a login that came meanwhile counts. */
  private Future<RevocationAnswer> attemptUnless(
      boolean used, VaultKey key, VaultUpstream at, Unused unused, int failures) {
    return used
        ? Future.failedFuture("the account is used again")
        : attempt(key, at, unused, failures);
  }

  /** An answer that was not judged yet is what the provider has last given. */
  private static UpstreamTokens newest(VaultEntry entry) {
    return entry
        .state()
        .unvalidated()
        .map(fresh -> fresh.orElse(entry.tokens()))
        .orElse(entry.tokens());
  }

  /**
   * Tokens that nobody uses any more.
   *
   * @param generation marks whom they were given to
   */
  private record Unused(UpstreamTokens tokens, String generation) {}
}
