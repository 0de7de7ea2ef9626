package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.client.Client;
import dev.keyturn.client.Clients;
import dev.keyturn.client.UnusableDocument;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The authorization endpoint: it refuses, shows the consent page, or, where an earlier decision
 * stands for that, sends the browser to the identity provider.
 *
 * <p>As long as it is not known that the redirect URI is the client's own, a refusal is a page.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1">RFC 6749, section 4.1.1</a>
 */
final class AuthorizeEndpoint implements Endpoint {
  static final String PATH = "/oauth/authorize";

  private static final String REQUEST_URI = "request_uri";

  private final Site site;
  private final Clients clients;
  private final Judgement judgement;
  private final Memory memory;
  private final Entrance entrance;
  private final PushedRequests pushed;

  AuthorizeEndpoint(
      Site site,
      Clients clients,
      Judgement judgement,
      Memory memory,
      Entrance entrance,
      PushedRequests pushed) {
    this.site = site;
    this.clients = clients;
    this.judgement = judgement;
    this.memory = memory;
    this.entrance = entrance;
    this.pushed = pushed;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(
            List.of(site.browser().route(PATH)), Set.of("GET", "POST"), this::authorize));
  }

  @Override
  public Map<String, Object> metadata() {
    return Map.of(
        "authorization_endpoint", site.browser().url(PATH),
        "response_types_supported", List.of("code"),
        "response_modes_supported", List.of("query"),
        "code_challenge_methods_supported", List.of("S256"),
        "authorization_response_iss_parameter_supported", true);
  }

  private Future<Reply> authorize(Request request) {
    var parameters = request.isPost() ? request.form() : request.query();
    var clientId = parameters.find("client_id");
    if (pushedUri(parameters).isEmpty()) {
      parameters.find("ui_locales").ifPresent(request::preferLocales);
    }
    if (clientId.isEmpty() || parameters.isRepeated("client_id")) {
      return site.notices().page(request, Notice.NO_CLIENT, "client_id must be given once");
    }
    return clients
        .find(clientId.get(), request.remoteAddress())
        .compose(
            client ->
                client.isPresent()
                    ? open(request, parameters, client.get())
                    : site.notices().page(request, Notice.UNKNOWN_CLIENT))
        .recover(
            failure ->
                failure instanceof UnusableDocument document
                    ? site.notices().unusable(request, document)
                    : Future.failedFuture(failure));
  }

  /** The {@code request_uri} of a pushed request, beside which nothing else counts. */
  private static Optional<String> pushedUri(Parameters parameters) {
    return parameters.isRepeated(REQUEST_URI)
        ? Optional.empty()
        : parameters.find(REQUEST_URI).filter(PushedRequests::isOurs);
  }

  private Future<Reply> open(Request request, Parameters parameters, Client client) {
    var uri = pushedUri(parameters);
    if (uri.isEmpty()) {
      return returnOrRefuse(request, client, new Asked(parameters, uri));
    }
    return pushed
        .find(uri.get(), client.id())
        .compose(
            found -> {
              if (found.isEmpty()) {
                return site.notices().page(request, Notice.REQUEST_GONE);
              }
              var asked = found.get().parameters();
              asked.find("ui_locales").ifPresent(request::preferLocales);
              return returnOrRefuse(request, client, new Asked(asked, uri));
            });
  }

  private Future<Reply> returnOrRefuse(Request request, Client client, Asked asked) {
    var address = address(asked.parameters(), client);
    if (address.isEmpty()) {
      return nowhere(request, asked.parameters());
    }
    return Future.succeededFuture(asked)
        .compose(given -> check(client, address.get(), given))
        .compose(checked -> entrance.enter(request, client, checked))
        .recover(
            failure ->
                failure instanceof OAuthException refusal
                    ? refuse(request, client, address.get(), refusal.error())
                    : Future.failedFuture(failure));
  }

  /** Whoever names a request elsewhere need not give the address here, so that is no mistake. */
  private Future<Reply> nowhere(Request request, Parameters parameters) {
    return parameters.find(REQUEST_URI).isPresent()
        ? site.notices().page(request, Notice.REFUSED, "request_uri is not supported")
        : site.notices()
            .page(
                request, Notice.FOREIGN_ADDRESS, "redirect_uri is not registered for this client");
  }

  private Future<AuthorizationRequest> check(Client client, ReturnAddress address, Asked asked) {
    if (client.authentication().requiresPush() && asked.pushedUri().isEmpty()) {
      throw INVALID_REQUEST.because("this client must push its requests");
    }
    return judgement
        .of(client, address, asked.parameters())
        .map(
            checked ->
                asked.pushedUri().map(PushedRequests::key).map(checked::pushedAs).orElse(checked));
  }

  private static Optional<ReturnAddress> address(Parameters parameters, Client client) {
    return parameters.isRepeated("redirect_uri")
        ? Optional.empty()
        : ReturnAddress.trusted(client, parameters.find("redirect_uri"), parameters.find("state"));
  }

  /** Whom this person has let in before is told by a redirect, as a client of the operator is. */
  private Future<Reply> refuse(
      Request request, Client client, ReturnAddress address, OAuthError error) {
    return (address.direct()
            ? Future.succeededFuture(address)
            : memory
                .knows(request, client, address)
                .otherwise(false)
                .map(known -> known ? address.straight() : address))
        .compose(there -> site.notices().refuse(request, there, error));
  }

  /**
   * What is asked.
   *
   * @param pushedUri the {@code request_uri} by which it was found; empty if the browser brought it
   */
  private record Asked(Parameters parameters, Optional<String> pushedUri) {}
}
