package dev.keyturn.bench;

import java.util.Locale;

/** Where in a refresh a process is killed, in the order in which they are reached. */
enum KillStep {
  /** Redis has given the lease, and the process does not know it yet. */
  LEASE_TAKEN,
  /** Redis has the intent. */
  INTENT_WRITTEN,
  /** The provider has the request, and does nothing about it. */
  REQUEST_SENT,
  /** The provider has spent the refresh token, and says nothing. */
  TOKEN_SPENT,
  /** The answer is in the process alone, which was about to write it. */
  ANSWER_RECEIVED,
  /** Redis has the answer, unvalidated. */
  ANSWER_WRITTEN,
  /** The process has judged it, and was about to write that. */
  ANSWER_JUDGED,
  /** It is in force. */
  IN_FORCE;

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  static KillStep after(int kills) {
    return values()[kills % values().length];
  }
}
