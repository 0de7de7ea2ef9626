package dev.keyturn.upstream;

import dev.keyturn.oauth.PkceChallenge;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2AuthorizationURL;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The authorization requests to one endpoint, as Vert.x writes them.
 *
 * <p>Parameters of the endpoint's own query, of the operator and of the client come before ours,
 * which replace them, so that nobody's extra parameter can take the place of {@code state}, {@code
 * nonce} or the PKCE challenge.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1">RFC 6749, section 4.1.1</a>
 */
final class AuthorizationRequests {
  private final URI endpoint;
  private final Registration registration;
  private final OAuth2Auth auth;

  AuthorizationRequests(Vertx vertx, Registration registration, URI endpoint) {
    this.endpoint = endpoint;
    this.registration = registration;
    this.auth =
        OAuth2Auth.create(
            vertx,
            new OAuth2Options()
                .setClientId(registration.clientId())
                .setAuthorizationPath(endpoint.toString().replaceAll("\\?.*", "")));
  }

  boolean isTo(URI other) {
    return endpoint.equals(other);
  }

  URI url(LoginRequest login) {
    var url =
        new OAuth2AuthorizationURL()
            .setState(login.state())
            .setScopes(List.copyOf(registration.scopes().names()));
    parameters(login).forEach(url::putAdditionalParameter);
    return URI.create(auth.authorizeURL(url));
  }

  void close() {
    auth.close();
  }

  private Map<String, String> parameters(LoginRequest login) {
    var parameters = new LinkedHashMap<String, String>();
    new QueryStringDecoder(endpoint)
        .parameters()
        .forEach((name, values) -> parameters.put(name, values.get(0)));
    parameters.putAll(registration.parameters());
    parameters.putAll(login.forwarded());
    parameters.put("redirect_uri", registration.redirectUri());
    parameters.put("nonce", login.nonce());
    parameters.put("code_challenge", PkceChallenge.of(login.verifier()).value());
    parameters.put("code_challenge_method", PkceChallenge.METHOD);
    return parameters;
  }
}
