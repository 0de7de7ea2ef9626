package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import java.util.Map;
import java.util.Optional;

/** Which client Keyturn is at a provider's token endpoint, and how it proves that. */
record Credentials(String clientId, Optional<Secret> secret, ClientAuthentication authentication) {
  static Credentials of(Registration registration) {
    return new Credentials(
        registration.clientId(), registration.secret(), registration.authentication());
  }

  /** Puts the proof into the {@code form} or the {@code headers} of a token request. */
  void prove(Map<String, String> form, Map<String, String> headers) {
    authentication.prove(clientId, secret.map(Secret::value).orElse(""), form, headers);
  }
}
