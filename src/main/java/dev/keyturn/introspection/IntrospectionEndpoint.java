package dev.keyturn.introspection;

import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.client.AuthenticationMetadata;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The introspection endpoint: a client of the configuration that has proven itself asks whether an
 * access token is good, and what for.
 *
 * <p>It is told of tokens that it was given, and of those for the resources that the operator has
 * listed for it. Everything else is not active, for whatever reason, and so is every refresh token:
 * what is nobody else's business is not told to anybody.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662#section-2">RFC 7662, section 2</a>
 */
public final class IntrospectionEndpoint implements Endpoint {
  private static final String PATH = "/oauth/introspect";

  private final Issuer issuer;
  private final ClientAuthentication authentication;
  private final Set<Method> methods;
  private final TokenVerifier tokens;

  /**
   * @param methods by which clients of the configuration prove themselves
   * @param tokens judges tokens by what the store says now
   */
  public IntrospectionEndpoint(
      Issuer issuer,
      ClientAuthentication authentication,
      Set<Method> methods,
      TokenVerifier tokens) {
    this.issuer = issuer;
    this.authentication = authentication;
    this.methods = Set.copyOf(methods);
    this.tokens = tokens;
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.forPrograms(List.of(issuer.route(PATH)), Set.of("POST"), this::answer));
  }

  @Override
  public Map<String, Object> metadata() {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("introspection_endpoint", issuer.url(PATH));
    metadata.putAll(new AuthenticationMetadata("introspection", methods).members());
    return metadata;
  }

  private Future<Reply> answer(Request request) {
    return Future.succeededFuture(request)
        .map(given -> given.form().requireSingle())
        .compose(parameters -> describe(request, parameters))
        .map(description -> Reply.json(200, description))
        .recover(failure -> ClientAuthentication.challenge(request, failure));
  }

  private Future<JsonObject> describe(Request request, Parameters parameters) {
    var token = parameters.required("token");
    return authentication
        .authenticate(request, parameters)
        .map(IntrospectionEndpoint::requireTrusted)
        .compose(client -> judged(token).map(found -> describe(found, client)));
  }

  /** Everybody can be a client without a secret, and anybody can register one with a secret. */
  private static Client requireTrusted(Client client) {
    if (client.isStranger() || !client.isConfidential()) {
      throw INVALID_CLIENT.because(
          "introspection is for clients that the configuration names and that prove themselves");
    }
    return client;
  }

  private Future<Optional<AccessToken>> judged(String token) {
    return tokens
        .verify(token)
        .map(Optional::of)
        .recover(
            failure ->
                failure instanceof OAuthException
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private JsonObject describe(Optional<AccessToken> found, Client client) {
    return found
        .filter(token -> mayKnow(client, token))
        .map(this::active)
        .orElseGet(() -> new JsonObject().put("active", false));
  }

  private static boolean mayKnow(Client client, AccessToken token) {
    return token.clientId().equals(client.id())
        || token.audience().stream()
            .anyMatch(
                audience ->
                    client.audiences().stream().anyMatch(listed -> isSame(listed, audience)));
  }

  private static boolean isSame(String listed, String audience) {
    return listed.equals(audience)
        || (ResourceIndicator.isValid(listed)
            && ResourceIndicator.isValid(audience)
            && new ResourceIndicator(listed).names(new ResourceIndicator(audience)));
  }

  private JsonObject active(AccessToken token) {
    var description =
        new JsonObject()
            .put("active", true)
            .put("iss", issuer.value())
            .put("sub", token.subject())
            .put("client_id", token.clientId())
            .put("token_type", "Bearer")
            .put("jti", token.id())
            .put("sid", token.sessionId())
            .put("iat", token.issuedAt().getEpochSecond())
            .put("exp", token.expiresAt().getEpochSecond())
            .put(
                "aud",
                token.audience().size() == 1
                    ? token.audience().get(0)
                    : new JsonArray(token.audience()));
    return token.scopes().isEmpty() ? description : description.put("scope", token.scopes().wire());
  }
}
