package dev.keyturn.operator.reconcile;

/**
 * The API server did not do what it was asked to; the message is in our words, and quotes the
 * server's only where that cannot hold a secret.
 */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

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
}
