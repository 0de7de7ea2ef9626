package dev.keyturn.bench;

import java.util.Locale;

/** What a soak counts. */
enum SoakEvent {
  LOGGED_IN(Kind.USUAL),
  REFRESHED(Kind.USUAL),
  /** Several refreshes with one token at once. */
  AT_ONCE(Kind.USUAL),
  /** A refresh whose answer nobody read. */
  DROPPED(Kind.USUAL),
  /** A refresh with the token before the newest, as by a program that forgot the newest. */
  STALE(Kind.USUAL),
  CALLED(Kind.USUAL),
  /** A token that has long been replaced came back, and was refused. */
  REUSED(Kind.USUAL),
  KILLED(Kind.USUAL),
  STOPPED(Kind.USUAL),
  /** No answer, or one that says to come again. */
  AWAY(Kind.USUAL),
  FORCED_LOGOUT(Kind.WRONG),
  ALIVE_AFTER_REUSE(Kind.WRONG),
  OLD_TOKEN_ACCEPTED(Kind.WRONG),
  TWO_SUCCESSORS(Kind.WRONG),
  CALL_REFUSED(Kind.WRONG),
  WITHOUT_LOGIN(Kind.WRONG),
  /** An answer that no client can make anything of, or a mistake of the soak itself. */
  BROKEN(Kind.WRONG);

  private enum Kind {
    USUAL,
    WRONG
  }

  private final Kind kind;

  SoakEvent(Kind kind) {
    this.kind = kind;
  }

  /** Whether it must not happen; what must not happen not at all is everything else. */
  boolean isWrong() {
    return kind == Kind.WRONG;
  }

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
