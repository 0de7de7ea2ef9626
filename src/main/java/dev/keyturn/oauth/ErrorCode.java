package dev.keyturn.oauth;

import java.util.Locale;

/**
 * A registered OAuth error code and the HTTP status that it is answered with.
 *
 * @see <a href="https://www.iana.org/assignments/oauth-parameters">IANA OAuth extensions errors</a>
 */
public enum ErrorCode {
  INVALID_REQUEST(400),
  INVALID_CLIENT(401),
  INVALID_GRANT(400),
  UNAUTHORIZED_CLIENT(400),
  UNSUPPORTED_GRANT_TYPE(400),
  UNSUPPORTED_RESPONSE_TYPE(400),
  INVALID_SCOPE(400),
  INVALID_TARGET(400),
  REQUEST_NOT_SUPPORTED(400),
  REQUEST_URI_NOT_SUPPORTED(400),
  ACCESS_DENIED(403),
  LOGIN_REQUIRED(400),
  CONSENT_REQUIRED(400),
  INTERACTION_REQUIRED(400),
  INVALID_TOKEN(401),
  INSUFFICIENT_SCOPE(403),
  INVALID_REDIRECT_URI(400),
  INVALID_CLIENT_METADATA(400),
  SERVER_ERROR(500),
  TEMPORARILY_UNAVAILABLE(503);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  /** The HTTP status of a machine answer with this code. */
  public int status() {
    return status;
  }

  /** The registered spelling, such as {@code invalid_grant}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Refuses a request; the description is shown to the client, so it holds no secret. */
  public OAuthException because(String description) {
    return new OAuthException(new OAuthError(this, description));
  }
}
