package dev.keyturn.oauth;

import java.time.Duration;

/**
 * Something that Keyturn depends on, a store or an identity provider, is away for now.
 *
 * <p>It is answered with 503 and {@code Retry-After}. The message is for the log; it holds no
 * secret and is not shown to clients.
 */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * @param retryAfter when trying again is likely to help
   */
  public UnavailableException(String message, Duration retryAfter) {
    super(message, null, false, false);
    this.retryAfter = retryAfter;
  }

  public Duration retryAfter() {
    return retryAfter;
  }

  /** The value of a {@code Retry-After} header, in whole seconds and at least one. */
  public String retryAfterSeconds() {
    return String.valueOf(Math.max(1, retryAfter.toSeconds()));
  }
}
