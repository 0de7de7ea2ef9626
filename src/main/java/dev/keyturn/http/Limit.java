package dev.keyturn.http;

import java.util.Locale;

/**
 * What is done at most so many times a minute, by whom.
 *
 * <p>The defaults are for flooders, not for clients: hosted ones come from few addresses with all
 * of their people, and so does everybody behind a proxy that {@code trusted_proxies} does not name.
 */
public enum Limit {
  /** Authorization requests of one address. */
  AUTHORIZE_PER_ADDRESS(1200),
  /** Answers to the consent page from one address. */
  CONSENT_PER_ADDRESS(1200),
  /** Returns from an identity provider from one address. */
  CALLBACK_PER_ADDRESS(1200),
  /** Pushed requests of one address. */
  PAR_PER_ADDRESS(6000),
  /** Pushed requests of one client that has proven to be itself. */
  PAR_PER_CLIENT(6000),
  /** Registrations, and changes of them, of one address. */
  REGISTER_PER_ADDRESS(600),
  /** Token requests of one address. */
  TOKEN_PER_ADDRESS(6000),
  /** Token requests of one client that has proven to be itself. */
  TOKEN_PER_CLIENT(6000),
  /** Vain attempts of one address to prove that it is one certain client. */
  FAILED_AUTHENTICATIONS(30);

  private final int perMinute;

  Limit(int perMinute) {
    this.perMinute = perMinute;
  }

  /** How often, where the operator says nothing. */
  public int perMinute() {
    return perMinute;
  }

  /** The name in the configuration, in metrics and in audit events. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
