package dev.keyturn.vault;

/** Where in a refresh a process dies, in the order in which they are reached. */
enum DeathPoint {
  /** The lease was asked for, and the store has heard nothing. */
  LEASE_ASKED,
  LEASE_TAKEN,
  /** The intent was on its way to the store. */
  INTENT_ASKED,
  INTENT_WRITTEN,
  /** The request has left and never arrives. */
  SENT,
  /** The provider has spent the refresh token. */
  REDEEMED,
  /** The answer is here, and nowhere else. */
  ANSWERED,
  /** The answer is in the store, and nobody has judged it. */
  ANSWER_WRITTEN,
  /** It was judged, and only this process knows how. */
  JUDGED,
  /** Everything is done; the lease is still held. */
  IN_FORCE;

  /** Whether an intent is left of which nobody knows what became. */
  boolean leavesAnIntent() {
    return compareTo(INTENT_WRITTEN) >= 0 && compareTo(ANSWERED) <= 0;
  }
}
