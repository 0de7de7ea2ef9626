package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.client.Client;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pushed authorization request endpoint: a client hands its request in itself, and the browser
 * carries nothing but a reference.
 *
 * <p>The request must satisfy what it would have to satisfy at the authorization endpoint; here the
 * client is told, and nobody has been sent anywhere yet.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126#section-2">RFC 9126, section 2</a>
 */
final class PushEndpoint implements Endpoint {
  static final String PATH = "/oauth/par";

  /** In characters. It is kept in the store, where anybody who has registered can put one. */
  private static final int MAX_LENGTH = 8 * 1024;

  private final Issuer issuer;
  private final ClientAuthentication authentication;
  private final Judgement judgement;
  private final AddressQuota quota;
  private final PushedRequests pushed;

  PushEndpoint(
      Issuer issuer,
      ClientAuthentication authentication,
      Judgement judgement,
      AddressQuota quota,
      PushedRequests pushed) {
    this.issuer = issuer;
    this.authentication = authentication;
    this.judgement = judgement;
    this.quota = quota;
    this.pushed = pushed;
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.forPrograms(List.of(issuer.route(PATH)), Set.of("POST"), this::answer));
  }

  @Override
  public Map<String, Object> metadata() {
    return Map.of(
        "pushed_authorization_request_endpoint",
        issuer.url(PATH),
        "require_pushed_authorization_requests",
        false);
  }

  private Future<Reply> answer(Request request) {
    return Future.succeededFuture(request)
        .map(given -> given.form().requireSingle())
        .compose(parameters -> push(request, parameters))
        .map(PushEndpoint::created)
        .recover(failure -> ClientAuthentication.challenge(request, failure));
  }

  private Future<String> push(Request request, Parameters parameters) {
    return authentication
        .authenticate(request, parameters)
        .compose(client -> checked(client, parameters))
        .compose(
            good -> quota.admit(request.remoteAddress()).compose(admitted -> pushed.add(good)));
  }

  private Future<PushedRequest> checked(Client client, Parameters parameters) {
    if (parameters.find("request_uri").isPresent()) {
      throw INVALID_REQUEST.because("request_uri is for the authorization endpoint");
    }
    var address =
        ReturnAddress.trusted(client, parameters.find("redirect_uri"), parameters.find("state"))
            .orElseThrow(
                () -> INVALID_REQUEST.because("redirect_uri is not registered for this client"));
    return judgement
        .of(client, address, parameters)
        .map(good -> bounded(PushedRequest.of(client.id(), parameters)));
  }

  private static PushedRequest bounded(PushedRequest request) {
    if (request.parameters().length() > MAX_LENGTH) {
      throw new OAuthException(
          INVALID_REQUEST
              .because("the request is longer than " + MAX_LENGTH + " characters")
              .error()
              .withStatus(413));
    }
    return request;
  }

  private static Reply created(String requestUri) {
    return Reply.json(
        201,
        new JsonObject()
            .put("request_uri", requestUri)
            .put("expires_in", PushedRequests.LIFE.toSeconds()));
  }
}
