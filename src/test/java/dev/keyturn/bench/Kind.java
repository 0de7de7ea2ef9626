package dev.keyturn.bench;

import java.util.Locale;

/** What is exchanged. */
enum Kind {
  SIGNING,
  HMAC,
  VAULT,
  CLIENT_SECRET,
  CERTIFICATE,
  CONFIGURATION;

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it waits for others before it is used, and has a state in the readiness detail. */
  boolean hasLife() {
    return this == SIGNING || this == HMAC || this == VAULT;
  }
}
