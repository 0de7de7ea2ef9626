package dev.keyturn.upstream;

/** An ID token that proves nothing; the message names the check that it failed. */
final class InvalidIdToken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidIdToken(String check) {
    super(check, null, false, false);
  }

  /** The check that failed, for the log. */
  String check() {
    return String.valueOf(getMessage());
  }
}
