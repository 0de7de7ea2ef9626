package dev.keyturn.vault;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.UpstreamTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the vault holds of one account: its tokens, whose they are, and how far a refresh has come.
 *
 * <p>Each change that a refresh makes tells by the intent, or by the answer itself, whether it is
 * still about this entry; if not, it changes nothing. So a change may be tried again.
 */
record VaultEntry(Identity identity, UpstreamTokens tokens, RefreshState state) {
  private static final Duration EARLY = Duration.ofSeconds(30);
  private static final Duration YOUNG = Duration.ofMinutes(5);
  private static final Duration TRIED = Duration.ofMinutes(1);

  /**
   * This entry of a new login, with the refresh token of the old one if it brings none of its own;
   * that one may be under way.
   */
  VaultEntry after(Optional<VaultEntry> before) {
    var old =
        before.filter(
            entry -> isSameAccount(entry) && isOfSameClient(entry) && !entry.state.dead());
    var taught =
        new VaultEntry(identity, tokens, state.taking(old.flatMap(e -> e.state.rotates())));
    return tokens.refreshToken().isPresent() || old.isEmpty() ? taught : taught.heirOf(old.get());
  }

  private VaultEntry heirOf(VaultEntry old) {
    return old.state
        .unvalidated()
        .map(answer -> withRefreshToken(answer.refreshToken().or(old.tokens::refreshToken)))
        .orElseGet(
            () ->
                new VaultEntry(identity, tokens, state.with(old.state.intent()))
                    .withRefreshToken(old.tokens.refreshToken()));
  }

  /** Before the refresh token is sent away. */
  VaultEntry intending(Intent intent) {
    return new VaultEntry(identity, tokens, state.intending(intent));
  }

  /**
   * With what came of the refresh of {@code spent}; of a login that came meanwhile only the refresh
   * token is replaced, which it had taken over.
   */
  VaultEntry answered(VaultEntry spent, UpstreamTokens answer) {
    if (!isOfRefresh(spent)) {
      return this;
    }
    var rotated = answer.refreshToken().filter(t -> !spent.isItsRefreshToken(t)).isPresent();
    var done = state.with(Optional.empty()).learning(rotated);
    return holdsTokensOf(spent)
        ? new VaultEntry(identity, tokens, done.holding(Optional.of(answer)))
        : new VaultEntry(identity, tokens, done)
            .withRefreshToken(answer.refreshToken().or(tokens::refreshToken));
  }

  /** With {@code answer} in force, which was judged. */
  VaultEntry validated(UpstreamTokens answer, Instant now) {
    return holds(answer)
        ? new VaultEntry(identity, answer.orElse(tokens), state.renewed(now))
        : this;
  }

  /** With nothing of {@code answer} but its refresh token, since the one before it is spent. */
  VaultEntry disbelieved(UpstreamTokens answer) {
    return holds(answer)
        ? new VaultEntry(identity, tokens, state.holding(Optional.empty()))
            .withRefreshToken(answer.refreshToken().or(tokens::refreshToken))
        : this;
  }

  /** Dead, if {@code answer} was somebody else's. */
  VaultEntry disproved(UpstreamTokens answer) {
    return holds(answer) ? buried() : this;
  }

  /** Dead, if the refresh token of {@code spent} was all there is. */
  VaultEntry refused(VaultEntry spent) {
    if (!isOfRefresh(spent)) {
      return this;
    }
    return holdsTokensOf(spent) ? buried() : released(spent).withRefreshToken(Optional.empty());
  }

  /** Without the refresh token of {@code spent}, which was given to a client that is gone. */
  VaultEntry orphaned(VaultEntry spent) {
    return isOfRefresh(spent) && holdsTokensOf(spent)
        ? released(spent).withRefreshToken(Optional.empty())
        : released(spent);
  }

  /** As before the refresh of {@code spent}, in which nothing was done. */
  VaultEntry released(VaultEntry spent) {
    return isOfRefresh(spent)
        ? new VaultEntry(identity, tokens, state.with(Optional.empty()))
        : this;
  }

  /** Without hope for an answer to the refresh that {@code intent} began. */
  VaultEntry abandoned(Intent intent) {
    return state.intent().filter(mine -> mine.is(intent.nonce())).isPresent()
        ? new VaultEntry(
            identity,
            tokens,
            state.with(Optional.of(new Intent(intent.nonce(), intent.at(), true))))
        : this;
  }

  VaultEntry withRefreshToken(Optional<String> refreshToken) {
    return new VaultEntry(
        identity,
        new UpstreamTokens(
            tokens.accessToken(),
            refreshToken,
            tokens.idToken(),
            tokens.expiresAt(),
            tokens.scopes()),
        state);
  }

  /** What is left of a dead one: that it is dead. */
  private VaultEntry buried() {
    return new VaultEntry(
        identity,
        new UpstreamTokens("", Optional.empty(), Optional.empty(), Optional.empty(), Scopes.NONE),
        state.buried());
  }

  /** What stays open in memory: the access token alone. */
  VaultEntry opened() {
    return new VaultEntry(
        identity,
        new UpstreamTokens(
            tokens.accessToken(),
            Optional.empty(),
            Optional.empty(),
            tokens.expiresAt(),
            tokens.scopes()),
        RefreshState.of(state.generation(), state.obtained()));
  }

  /** The access token and what it opens, for those who use it. */
  UsableToken usable() {
    return new UsableToken(tokens.accessToken(), tokens.expiresAt(), tokens.scopes());
  }

  /** Whether it is time for another access token, a little before this one ends. */
  boolean isDue(Instant now) {
    return isDue(now, early());
  }

  /** Whether the access token ends within {@code time}. */
  boolean isDue(Instant now, Duration time) {
    return tokens.expiresAt().map(end -> !now.isBefore(end.minus(time))).orElse(false);
  }

  /** Whether the access token has ended. */
  boolean isOver(Instant now) {
    return isDue(now, Duration.ZERO);
  }

  /** How long the access token lives in all, if that is known. */
  Optional<Duration> life() {
    return tokens.expiresAt().map(end -> Duration.between(state.obtained(), end));
  }

  /** A token that lives for seconds is not due from the beginning. */
  private Duration early() {
    return life().map(life -> life.dividedBy(4)).filter(l -> l.compareTo(EARLY) < 0).orElse(EARLY);
  }

  /** Whether there is anything to renew it with. */
  boolean canBeRenewed() {
    return tokens.refreshToken().isPresent() || state.unvalidated().isPresent();
  }

  /** Whether somebody is renewing it. */
  boolean isUnderWay() {
    return state.unvalidated().isPresent()
        || state.intent().filter(intent -> !intent.abandoned()).isPresent();
  }

  /** Whether it was renewed, or that was tried, too short a time ago to try again. */
  boolean isYoung(Instant now) {
    return now.isBefore(state.obtained().plus(YOUNG))
        || state.tried().filter(at -> now.isBefore(at.plus(TRIED))).isPresent();
  }

  private boolean isSameAccount(VaultEntry other) {
    return identity.account().equals(other.identity().account());
  }

  /** Of those of long ago it was not noted. */
  private boolean isOfSameClient(VaultEntry other) {
    return state.isOf(other.state.generation());
  }

  private boolean isOfRefresh(VaultEntry spent) {
    var nonce = spent.state.intent().map(Intent::nonce);
    return nonce.isPresent() && nonce.equals(state.intent().map(Intent::nonce));
  }

  private boolean holdsTokensOf(VaultEntry spent) {
    return tokens.accessToken().equals(spent.tokens.accessToken());
  }

  private boolean isItsRefreshToken(String token) {
    return tokens.refreshToken().filter(token::equals).isPresent();
  }

  private boolean holds(UpstreamTokens answer) {
    return state.unvalidated().filter(answer::equals).isPresent();
  }

  /** Names the person by our own subject and shows no token. */
  @Override
  public String toString() {
    return "VaultEntry[" + identity + "]";
  }
}
