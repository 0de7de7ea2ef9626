package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/**
 * Which client Keyturn is at a provider's token endpoint, and how it proves that: by a secret, by a
 * key, or not at all.
 */
public record Credentials(
    String clientId,
    Optional<Secret> secret,
    Optional<ClientKey> key,
    ClientAuthentication authentication) {
  /** Those of somebody who is no client yet. */
  static final Credentials NOBODY =
      new Credentials("", Optional.empty(), ClientAuthentication.NONE);

  /** Those of a client that has no key. */
  Credentials(String clientId, Optional<Secret> secret, ClientAuthentication authentication) {
    this(clientId, secret, Optional.empty(), authentication);
  }

  /** Puts the proof into the {@code form} or the {@code headers} of one token request. */
  Future<Void> prove(SignedProofs proofs, Map<String, String> form, Map<String, String> headers) {
    authentication.prove(clientId, secret.map(Secret::value).orElse(""), form, headers);
    return key.map(own -> proofs.prove(clientId, own, form)).orElseGet(Future::succeededFuture);
  }
}
