package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.oauth.PkceChallenge;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider says of clients that register: where they do, and how they may prove themselves.
 *
 * @param methods the ways to prove oneself; empty: not said
 * @param pkce whether a code is good for those alone who began its login
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-2">RFC 8414, section 2</a>
 */
record RegistrationOffer(Optional<URI> endpoint, Optional<Set<String>> methods, boolean pkce) {
  private static final int MOST = 32;

  /**
   * What is usual comes first; a secret in a header is in no log of bodies. No key is registered.
   */
  static final List<ClientAuthentication> PREFERENCE =
      List.of(
          ClientAuthentication.CLIENT_SECRET_BASIC,
          ClientAuthentication.CLIENT_SECRET_POST,
          ClientAuthentication.NONE);

  /** What is known where only the endpoint was written down. */
  static RegistrationOffer at(URI endpoint) {
    return new RegistrationOffer(Optional.of(endpoint), Optional.empty(), true);
  }

  /** Reads a metadata document. */
  static RegistrationOffer in(JsonNode document, Reach reach) {
    return new RegistrationOffer(
        ProviderMetadata.find(document, "registration_endpoint", reach),
        words(document.path("token_endpoint_auth_methods_supported")),
        words(document.path("code_challenge_methods_supported"))
            .filter(known -> known.contains(PkceChallenge.METHOD))
            .isPresent());
  }

  /** The same with the endpoint that the operator has written down, if any. */
  RegistrationOffer orAt(Optional<URI> configured) {
    return new RegistrationOffer(configured.or(() -> endpoint), methods, pkce);
  }

  /** The registration endpoint; none is a failure. */
  URI where() {
    return endpoint.orElseThrow(
        () -> EnrolmentFailure.unusable("its metadata has no usable registration_endpoint"));
  }

  /**
   * How we prove ourselves: as {@code wanted}, else by the first of our preference that is taken.
   * Without a secret a code must be good for us alone.
   */
  ClientAuthentication method(Optional<ClientAuthentication> wanted) {
    var ours = wanted.map(List::of).orElse(PREFERENCE);
    return ours.stream()
        .filter(this::takes)
        .findFirst()
        .orElseThrow(
            () -> EnrolmentFailure.unusable("it takes no token_endpoint_auth_method of ours"));
  }

  /** RFC 7591 has basic where nothing is said; an operator's word stands there too. */
  private boolean takes(ClientAuthentication method) {
    return methods.map(taken -> taken.contains(method.wire())).orElse(true)
        && (method != ClientAuthentication.NONE || pkce);
  }

  private static Optional<Set<String>> words(JsonNode list) {
    if (!list.isArray()) {
      return Optional.empty();
    }
    var words = new HashSet<String>();
    for (int i = 0; i < Math.min(MOST, list.size()); i++) {
      words.add(list.get(i).asText());
    }
    return Optional.of(words);
  }
}
