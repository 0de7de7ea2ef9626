package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.oauth.Uris;
import java.net.URI;
import java.util.Optional;

/**
 * What an OpenID provider publishes of itself, as far as a login needs it.
 *
 * @param revocation where tokens are given back, if anywhere
 * @param offer how clients register there, if they can
 * @param namesItself whether each authorization response carries {@code iss}
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata">OpenID
 *     Connect Discovery, section 3</a>
 */
record ProviderMetadata(
    URI authorization,
    URI token,
    URI jwks,
    Optional<URI> revocation,
    RegistrationOffer offer,
    boolean namesItself) {
  /** Reads a document; what is wrong with it is thrown. */
  static ProviderMetadata parse(byte[] body, ExpectedIssuer issuer, Reach reach) {
    var document = Json.object(body).orElseThrow(() -> wrong("is no JSON object"));
    if (!issuer.mayPublish(document.path("issuer").asText())) {
      throw wrong("names another issuer");
    }
    return new ProviderMetadata(
        endpoint(document, "authorization_endpoint", reach),
        endpoint(document, "token_endpoint", reach),
        endpoint(document, "jwks_uri", reach),
        find(document, "revocation_endpoint", reach),
        RegistrationOffer.in(document, reach),
        Json.isTrue(document.path("authorization_response_iss_parameter_supported")));
  }

  private static URI endpoint(JsonNode document, String field, Reach reach) {
    return find(document, field, reach).orElseThrow(() -> wrong("has no usable " + field));
  }

  /** The URL of a member, if it is one that may be called. */
  static Optional<URI> find(JsonNode document, String field, Reach reach) {
    return Optional.ofNullable(document.path(field).textValue())
        .flatMap(Uris::parse)
        .filter(uri -> reach.admitsScheme(uri) && uri.getRawFragment() == null);
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("the discovery document " + what);
  }
}
