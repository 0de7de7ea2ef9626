package dev.keyturn.idp;

/** An authentication request that waits for a password, and how often a wrong one was given. */
record Pending(AuthorizationRequest request, int failures) {
  private static final int MOST_FAILURES = 5;

  Pending failedOnceMore() {
    return new Pending(request, failures + 1);
  }

  /** Bounds how many passwords one page can try. */
  boolean isExhausted() {
    return failures >= MOST_FAILURES;
  }
}
