package dev.keyturn.idp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.Optional;

/**
 * A client's id and secret, by {@code client_secret_basic} or by {@code client_secret_post}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1">RFC 6749, section 2.3.1</a>
 */
record ClientAuthentication(String clientId, String clientSecret) {
  private static final String BASIC = "basic ";

  static ClientAuthentication of(HttpServerRequest request, Parameters body) {
    var inBody = body.optional("client_secret");
    var inHeader = Optional.ofNullable(request.getHeader("Authorization"));
    if (inBody.isPresent() && inHeader.isPresent()) {
      throw new Refusal("invalid_request", "two ways of client authentication at once");
    }
    return inHeader
        .map(ClientAuthentication::fromHeader)
        .orElseGet(
            () ->
                new ClientAuthentication(
                    body.optional("client_id").orElse(""),
                    inBody.orElseThrow(ClientAuthentication::failed)));
  }

  RelyingParty authenticate(Ledger ledger) {
    return ledger.clientProvenBy(clientId, clientSecret).orElseThrow(ClientAuthentication::failed);
  }

  private static ClientAuthentication fromHeader(String header) {
    if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      throw failed();
    }
    try {
      var pair =
          new String(Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), UTF_8);
      var colon = pair.indexOf(':');
      if (colon < 0) {
        throw failed();
      }
      return new ClientAuthentication(
          URLDecoder.decode(pair.substring(0, colon), UTF_8),
          URLDecoder.decode(pair.substring(colon + 1), UTF_8));
    } catch (IllegalArgumentException malformed) {
      throw failed();
    }
  }

  /** The client id alone. */
  @Override
  public String toString() {
    return "ClientAuthentication[" + clientId + "]";
  }

  /** The one answer to every failure, so that nobody learns which part was wrong. */
  private static Refusal failed() {
    return new Refusal("invalid_client", "client authentication failed");
  }
}
