package dev.keyturn.grant;

import static dev.keyturn.oauth.ErrorCode.UNAUTHORIZED_CLIENT;
import static dev.keyturn.oauth.ErrorCode.UNSUPPORTED_GRANT_TYPE;

import dev.keyturn.client.AuthenticationMetadata;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.client.Clients;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.token.TokenSet;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token endpoint: authenticates the client, and lets the grant do the rest.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.2">RFC 6749, section 3.2</a>
 */
public final class TokenEndpoint implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);
  private static final String PATH = "/oauth/token";

  private final Issuer issuer;
  private final Clients clients;
  private final ClientAuthentication authentication;
  private final Map<String, Grant> grants = new LinkedHashMap<>();

  /** One where no client signs. */
  public TokenEndpoint(Issuer issuer, Clients clients, List<Grant> grants) {
    this(issuer, new ClientAuthentication(clients), grants);
  }

  public TokenEndpoint(Issuer issuer, ClientAuthentication authentication, List<Grant> grants) {
    this.issuer = issuer;
    this.clients = authentication.clients();
    this.authentication = authentication;
    for (var grant : grants) {
      if (this.grants.put(grant.type(), grant) != null) {
        throw new IllegalArgumentException("there are two grants of type " + grant.type());
      }
    }
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.forPrograms(List.of(issuer.route(PATH)), Set.of("POST"), this::answer));
  }

  @Override
  public Map<String, Object> metadata() {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("token_endpoint", issuer.url(PATH));
    metadata.put("grant_types_supported", List.copyOf(grants.keySet()));
    metadata.putAll(new AuthenticationMetadata("token", authentication.methods()).members());
    return metadata;
  }

  private Future<Reply> answer(Request request) {
    return Future.succeededFuture(request)
        .map(given -> given.form().requireSingle())
        .compose(parameters -> redeem(request, parameters))
        .map(tokens -> Reply.json(200, tokens.toJson()).with("Pragma", "no-cache"))
        .recover(failure -> ClientAuthentication.challenge(request, failure));
  }

  private Future<TokenSet> redeem(Request request, Parameters parameters) {
    var type = parameters.required("grant_type");
    return authentication
        .authenticate(request, parameters)
        .map(client -> new TokenRequest(client, parameters))
        .compose(
            authenticated ->
                grantFor(type, authenticated.client())
                    .redeem(authenticated)
                    .onSuccess(tokens -> keep(authenticated.client())));
  }

  /** The tokens are out, so a store that fails now must not take them back. */
  private void keep(Client client) {
    clients
        .keep(client.id())
        .onFailure(
            failure ->
                LOG.atWarn()
                    .setMessage("a client's record was not renewed")
                    .addKeyValue("client", client.id())
                    .setCause(failure)
                    .log());
  }

  private Grant grantFor(String type, Client client) {
    var grant = grants.get(type);
    if (grant == null) {
      throw UNSUPPORTED_GRANT_TYPE.because(
          "grant_type must be one of " + String.join(", ", grants.keySet()));
    }
    if (!grant.isFor(client)) {
      throw UNAUTHORIZED_CLIENT.because("this client may not use this grant");
    }
    return grant;
  }
}
