package dev.keyturn.app.source;

/** A configuration that cannot be read now; the message is for the operator and holds no secret. */
final class UnreadableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message, null, false, false);
  }
}
