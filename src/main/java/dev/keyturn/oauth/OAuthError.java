package dev.keyturn.oauth;

import java.util.Objects;

/**
 * What a client is told when a request is refused.
 *
 * @param code the registered code
 * @param description a sentence for the client's developer, without any secret; may be empty
 * @param status the HTTP status of a machine answer, usually the code's own
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
 */
public record OAuthError(ErrorCode code, String description, int status) {
  public OAuthError {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(description, "description");
  }

  public OAuthError(ErrorCode code, String description) {
    this(code, description, code.status());
  }

  /** The same error under another HTTP status, such as 413 for a body that is too large. */
  public OAuthError withStatus(int other) {
    return new OAuthError(code, description, other);
  }
}
