package dev.keyturn.oauth;

/** A refusal on its way to the endpoint, which gives it a form. It is an answer: no stack trace. */
public final class OAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient OAuthError error;

  public OAuthException(OAuthError error) {
    super(error.code().wire() + ": " + error.description(), null, false, false);
    this.error = error;
  }

  /** What the client is told. */
  public OAuthError error() {
    return error;
  }
}
