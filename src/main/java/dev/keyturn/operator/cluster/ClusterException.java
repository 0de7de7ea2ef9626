package dev.keyturn.operator.cluster;

/** The API server gave no answer that helps; the message is in our words and holds no secret. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterException(String message) {
    super(message, null, false, false);
  }
}
