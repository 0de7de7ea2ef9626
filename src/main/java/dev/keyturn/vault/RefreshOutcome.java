package dev.keyturn.vault;

import java.util.Locale;

/** What became of a refresh at a provider, as it is counted and audited. */
enum RefreshOutcome {
  /** New tokens were judged and are in force. */
  REFRESHED,
  /** The provider, or our rule about who may log in, has said a definite no. */
  REFUSED,
  /** The provider does not know us any more: a fault of ours. */
  CLIENT_REFUSED,
  /** The tokens were given to a client of ours that is gone. */
  ORPHANED,
  /** The provider answers without meaning, or with an ID token that proves nothing. */
  UNUSABLE,
  /** The provider refuses this one in words that say nothing; nothing was done. */
  UNCLEAR,
  /** The provider has done nothing, or cannot be reached. */
  AWAY,
  /** The request left, and no answer came back. */
  LOST,
  /** The process that sent it is no more, and nobody knows what came of it. */
  CUT_OFF;

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
