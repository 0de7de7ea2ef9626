package dev.keyturn.keys;

import java.util.Locale;

/** What keys of one succession are for. */
public enum Purpose {
  /** Private keys that sign tokens. */
  SIGNING,
  /** Secrets that authenticate codes and refresh tokens. */
  HMAC,
  /** Secrets that authenticate cookies. */
  COOKIE,
  /** Keys that seal upstream tokens. */
  VAULT;

  /** The spelling in the ring, in metrics and in answers, such as {@code hmac}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
