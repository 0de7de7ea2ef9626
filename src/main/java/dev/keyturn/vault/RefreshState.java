package dev.keyturn.vault;

import dev.keyturn.upstream.UpstreamTokens;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the refreshing of an entry has come.
 *
 * @param generation the client at the provider that the tokens were given to; empty if unknown
 * @param obtained when the access token came
 * @param tried when a refresh token was last sent away
 * @param intent that of a refresh under way, or of one that was cut off
 * @param unvalidated what a refresh brought and nobody has judged yet
 * @param rotates whether refresh tokens are good for one time, as far as answers have shown
 * @param dead whether the provider has said that it is over
 */
record RefreshState(
    String generation,
    Instant obtained,
    Optional<Instant> tried,
    Optional<Intent> intent,
    Optional<UpstreamTokens> unvalidated,
    Optional<Boolean> rotates,
    boolean dead) {
  /** That of tokens that came just now. */
  static RefreshState of(String generation, Instant now) {
    return new RefreshState(
        generation,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** Whether tokens that {@code other} was given are as good as these; it may not be known. */
  boolean isOf(String other) {
    return generation.isEmpty() || other.isEmpty() || generation.equals(other);
  }

  RefreshState intending(Intent next) {
    return new RefreshState(
        generation,
        obtained,
        Optional.of(next.at()),
        Optional.of(next),
        unvalidated,
        rotates,
        dead);
  }

  RefreshState with(Optional<Intent> next) {
    return new RefreshState(generation, obtained, tried, next, unvalidated, rotates, dead);
  }

  RefreshState holding(Optional<UpstreamTokens> answer) {
    return new RefreshState(generation, obtained, tried, intent, answer, rotates, dead);
  }

  /** Once seen to rotate, it is believed to. */
  RefreshState learning(boolean rotated) {
    var learned = Optional.of(rotated || rotates.orElse(false));
    return new RefreshState(generation, obtained, tried, intent, unvalidated, learned, dead);
  }

  RefreshState taking(Optional<Boolean> learned) {
    return new RefreshState(
        generation, obtained, tried, intent, unvalidated, learned.or(() -> rotates), dead);
  }

  RefreshState renewed(Instant now) {
    return new RefreshState(generation, now, tried, intent, Optional.empty(), rotates, dead);
  }

  RefreshState buried() {
    return new RefreshState(
        generation, obtained, tried, Optional.empty(), Optional.empty(), rotates, true);
  }
}
