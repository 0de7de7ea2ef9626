package dev.keyturn.revocation;

import dev.keyturn.client.AuthenticationMetadata;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.token.Revocations;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The revocation endpoint: a client makes its own tokens worthless.
 *
 * <p>A token of another client, one that has ended and one that never was are answered alike, so
 * nobody finds out what a token is by asking here. What kind a token is shows in its form, so
 * {@code token_type_hint} is not needed, and a wrong one does no harm.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2">RFC 7009, section 2</a>
 */
public final class RevocationEndpoint implements Endpoint {
  private static final String PATH = "/oauth/revoke";

  private final Issuer issuer;
  private final ClientAuthentication authentication;
  private final Revocations revocations;

  public RevocationEndpoint(
      Issuer issuer, ClientAuthentication authentication, Revocations revocations) {
    this.issuer = issuer;
    this.authentication = authentication;
    this.revocations = revocations;
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.forPrograms(List.of(issuer.route(PATH)), Set.of("POST"), this::answer));
  }

  @Override
  public Map<String, Object> metadata() {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("revocation_endpoint", issuer.url(PATH));
    metadata.putAll(new AuthenticationMetadata("revocation", authentication.methods()).members());
    return metadata;
  }

  private Future<Reply> answer(Request request) {
    return Future.succeededFuture(request)
        .map(given -> given.form().requireSingle())
        .compose(parameters -> revoke(request, parameters))
        .map(revoked -> Reply.empty(200))
        .recover(failure -> ClientAuthentication.challenge(request, failure));
  }

  /** A client that cannot be looked at just now may still give back what it has. */
  private Future<Void> revoke(Request request, Parameters parameters) {
    var token = parameters.required("token");
    return authentication
        .authenticateAgain(request, parameters)
        .compose(client -> revocations.revoke(token, client.id()));
  }
}
