package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import java.util.Map;
import java.util.Optional;

/** Which client Keyturn is at a provider's token endpoint, and how it proves that. */
public record Credentials(
    String clientId, Optional<Secret> secret, ClientAuthentication authentication) {
  /** Those of somebody who is no client yet. */
  static final Credentials NOBODY =
      new Credentials("", Optional.empty(), ClientAuthentication.NONE);

  /** Puts the proof into the {@code form} or the {@code headers} of a token request. */
  void prove(Map<String, String> form, Map<String, String> headers) {
    authentication.prove(clientId, secret.map(Secret::value).orElse(""), form, headers);
  }
}
