package dev.keyturn.operator.api;

import java.util.List;
import java.util.Optional;

/**
 * What goes out is a token of somebody else's server, traded for the user's.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8693#section-2">RFC 8693, section 2</a>
 */
public record TokenExchange(
    String tokenUrl,
    Optional<String> clientId,
    Optional<SecretKeyRef> clientSecretRef,
    String audience,
    List<String> scopes,
    Optional<String> subjectTokenType,
    Optional<String> externalTokenHeaderName,
    Optional<String> subjectProviderName) {
  public TokenExchange {
    scopes = List.copyOf(scopes);
  }
}
