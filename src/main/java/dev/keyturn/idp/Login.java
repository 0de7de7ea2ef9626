package dev.keyturn.idp;

import java.time.Instant;
import java.util.Optional;

/** Who logged in, when and for which client: what a code or a refresh token stands for. */
record Login(Person person, Instant at, AuthorizationRequest request, Optional<String> nonce) {

  /** A refreshed ID token carries no nonce: it answers no authentication request. */
  Login refreshed() {
    return new Login(person, at, request, Optional.empty());
  }

  String clientId() {
    return request.clientId();
  }
}
