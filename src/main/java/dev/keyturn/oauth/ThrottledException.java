package dev.keyturn.oauth;

import java.time.Duration;

/**
 * Somebody asks too often. It is answered with 429 and {@code Retry-After}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6585#section-4">RFC 6585, section 4</a>
 */
public final class ThrottledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration wait;

  /**
   * @param wait until the next request is let in
   */
  public ThrottledException(Duration wait) {
    super("too many requests", null, false, false);
    this.wait = wait;
  }

  /** The value of a {@code Retry-After} header: whole seconds after which it is long enough. */
  public String retryAfterSeconds() {
    return String.valueOf(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
  }
}
