package dev.keyturn.bench;

import java.util.concurrent.ThreadLocalRandom;

/** What becomes of a refresh at a provider with troubles. */
enum Fate {
  HONEST(88),
  /** 503; nothing was done. */
  AWAY(3),
  /** 429. */
  LATER(2),
  /** No answer comes, in the time that is given for it. */
  HANG(1),
  /** The connection breaks before anything was done. */
  NEVER_ARRIVED(1),
  /** The connection breaks after the token was spent. */
  ANSWER_LOST(1),
  /** 504, by somebody who has waited in vain; the token is spent. */
  GATEWAY_TIMEOUT(1),
  /** A definite no. */
  REFUSED(1),
  /** New tokens, with an ID token that nobody has signed who might. */
  FORGED(2);

  private static final int ALL = 100;

  private final int percent;

  Fate(int percent) {
    this.percent = percent;
  }

  static Fate any() {
    var chance = ThreadLocalRandom.current().nextInt(ALL);
    for (var fate : values()) {
      chance -= fate.percent;
      if (chance < 0) {
        return fate;
      }
    }
    return HONEST;
  }
}
