package dev.keyturn.operator.reconcile;

import java.util.Set;

/**
 * The API server did not do what it was asked to; the message is in our words, and quotes the
 * server's only where that cannot hold a secret.
 */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A token that is being replaced, a timeout, somebody who was faster, and too many calls. */
  private static final Set<Integer> PASSING = Set.of(401, 408, 409, 429);

  private final int status;

  /**
   * @param status 0 where there was no answer
   */
  ApiException(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** Whether it will be so again until somebody changes something. */
  boolean isRefusal() {
    return status >= 400 && status < 500 && !PASSING.contains(status);
  }
}
