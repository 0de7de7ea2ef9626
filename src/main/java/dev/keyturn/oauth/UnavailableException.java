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
  private final boolean mayBeDone;

  /**
   * @param retryAfter when trying again is likely to help
   */
  public UnavailableException(String message, Duration retryAfter) {
    this(message, retryAfter, false);
  }

  /**
   * @param mayBeDone whether what was asked for may have been done, and only the answer is missing
   */
  public UnavailableException(String message, Duration retryAfter, boolean mayBeDone) {
    super(message, null, false, false);
    this.retryAfter = retryAfter;
    this.mayBeDone = mayBeDone;
  }

  public Duration retryAfter() {
    return retryAfter;
  }

  /** Whether what was asked for may have been done, and only the answer is missing. */
  public boolean mayBeDone() {
    return mayBeDone;
  }

  /** The value of a {@code Retry-After} header, in whole seconds and at least one. */
  public String retryAfterSeconds() {
    return String.valueOf(Math.max(1, retryAfter.toSeconds()));
  }
}
