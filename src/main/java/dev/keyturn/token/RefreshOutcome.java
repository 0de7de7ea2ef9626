package dev.keyturn.token;

/** What became of a refresh token that was presented. */
enum RefreshOutcome {
  /** The current one: it was replaced. */
  ROTATED,
  /** The previous one within the grace: the same successor was handed out again. */
  REPEATED,
  /** The previous one after the grace, its successor unused: handed out again, worth a look. */
  REPEATED_LATE,
  /** One that must not come back: the session was ended. */
  REUSED
}
