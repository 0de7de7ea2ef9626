package dev.keyturn.token;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a client and its thieves know of one family, and what must hold by that. */
final class FamilyLogin {
  /** What is known of the family for certain. */
  enum Fate {
    /** Nothing but what an honest client does has happened. */
    GOOD,
    /** It may have been ended: what would tell was not answered, or its time is over. */
    DOUBTFUL,
    /** It was ended, and that was acknowledged. */
    ENDED
  }

  final Authorization authorization;
  final List<String> tokens = new ArrayList<>();
  final Instant begun;
  final Set<String> wrong;
  String access;
  Fate fate = Fate.GOOD;

  /** When the newest token was sent for the first time; empty if it never was. */
  Optional<Instant> sent = Optional.empty();

  /** The same of the token before it. */
  private Instant previousSent;

  private final Duration slack;
  private final Lifespans lives;
  private final Map<String, String> successors = new HashMap<>();
  private Instant received;

  /**
   * @param slack how far apart clocks are
   * @param wrong is told what must not be
   */
  FamilyLogin(
      Authorization authorization,
      TokenSet first,
      Instant now,
      Lifespans lives,
      Duration slack,
      Set<String> wrong) {
    this.authorization = authorization;
    this.access = first.accessToken();
    this.begun = now;
    this.received = now;
    this.previousSent = now;
    this.lives = lives;
    this.slack = slack;
    this.wrong = wrong;
    tokens.add(first.refreshToken().orElseThrow());
  }

  String newest() {
    return tokens.get(tokens.size() - 1);
  }

  /** A token that was replaced, and what replaced it too; empty as long as there is none. */
  Optional<String> old(int back) {
    return tokens.size() < 3
        ? Optional.empty()
        : Optional.of(tokens.get(Math.max(0, tokens.size() - 3 - back)));
  }

  /** The token before the newest, while the newest was never sent and the window is surely open. */
  Optional<String> stale(Instant now) {
    return tokens.size() > 1 && sent.isEmpty() && isOpen(previousSent, now)
        ? Optional.of(tokens.get(tokens.size() - 2))
        : Optional.empty();
  }

  /** Whether nothing of it has run out, whatever clock is asked. */
  boolean isTimely(Instant now) {
    return now.isBefore(received.plus(lives.refreshToken()).minus(slack))
        && now.isBefore(begun.plus(lives.session()).minus(slack))
        && sent.map(first -> isOpen(first, now)).orElse(true);
  }

  /** Whether nothing of it may be good now, whatever clock is asked. */
  boolean isOver(Instant now) {
    return fate == Fate.ENDED
        || (sent.isEmpty() && now.isAfter(received.plus(lives.refreshToken()).plus(slack)))
        || now.isAfter(begun.plus(lives.session()).plus(slack));
  }

  private boolean isOpen(Instant rotated, Instant now) {
    return now.isBefore(rotated.plus(lives.replayWindow()).minus(slack));
  }

  void sends(Instant now) {
    sent = Optional.of(sent.orElse(now));
  }

  /** A token was answered with another: always with the same one. */
  void handedOut(String token, TokenSet answer, Instant now) {
    var next = answer.refreshToken().orElseThrow();
    var known = successors.putIfAbsent(token, next);
    if (known != null && !known.equals(next)) {
      wrong.add("a token has two successors");
    }
    if (token.equals(newest())) {
      previousSent = sent.orElse(now);
      sent = Optional.empty();
      received = now;
      tokens.add(next);
      access = answer.accessToken();
    }
  }
}
