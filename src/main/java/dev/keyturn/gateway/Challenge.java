package dev.keyturn.gateway;

import dev.keyturn.oauth.OAuthError;
import java.util.StringJoiner;

/**
 * The {@code WWW-Authenticate} value that leads a client to the authorization server.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-5.1">RFC 9728, section 5.1</a>
 */
public final class Challenge {
  private Challenge() {}

  /** The challenge of {@code resource}, which names no error if no token was shown. */
  public static String of(ProtectedResource resource, OAuthError error) {
    var parameters = new StringJoiner(", ", "Bearer ", "");
    parameters.add(parameter("resource_metadata", resource.metadataUrl()));
    if (!resource.scopes().isEmpty()) {
      parameters.add(parameter("scope", resource.scopes().wire()));
    }
    if (!error.equals(BearerToken.MISSING)) {
      parameters.add(parameter("error", error.code().wire()));
      if (!error.description().isEmpty()) {
        parameters.add(parameter("error_description", error.description()));
      }
    }
    return parameters.toString();
  }

  /** RFC 6750 allows printable ASCII without quote and backslash in every value. */
  private static String parameter(String name, String value) {
    var printable = value.replace('"', '\'').replaceAll("[^\\x20-\\x7E]|\\\\", "?");
    return name + "=\"" + printable + "\"";
  }
}
