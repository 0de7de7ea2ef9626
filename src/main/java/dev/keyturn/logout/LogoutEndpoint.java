package dev.keyturn.logout;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.client.Client;
import dev.keyturn.client.Clients;
import dev.keyturn.client.UnusableDocument;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.logout.LogoutPages.Told;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.token.IdTokenHints;
import dev.keyturn.token.IdTokenHints.Hint;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The end-session endpoint, to which a client sends its person to log out.
 *
 * <p>An ID token of ours says which session it is about, and that is ended at once. Without one
 * anybody could have led the person here, so the person is asked. Nobody is led to an address that
 * the client has not registered, and to one that a stranger has registered by a click only.
 *
 * @see <a href="https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout">OpenID
 *     Connect RP-Initiated Logout, section 2</a>
 */
public final class LogoutEndpoint implements Endpoint {
  private static final String PATH = "/oauth/logout";

  private final Issuer browserIssuer;
  private final Clients clients;
  private final IdTokenHints hints;
  private final Endings endings;
  private final ThisBrowser browser;
  private final LogoutPages pages;

  /**
   * @param browserIssuer where browsers find us
   */
  public LogoutEndpoint(
      Issuer browserIssuer,
      Clients clients,
      IdTokenHints hints,
      Endings endings,
      ThisBrowser browser,
      LogoutPages pages) {
    this.browserIssuer = browserIssuer;
    this.clients = clients;
    this.hints = hints;
    this.endings = endings;
    this.browser = browser;
    this.pages = pages;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(
            List.of(browserIssuer.route(PATH)),
            Set.of("GET", "POST"),
            request -> Future.succeededFuture(request).compose(this::answer)));
  }

  @Override
  public Map<String, Object> metadata() {
    return Map.of("end_session_endpoint", browserIssuer.url(PATH));
  }

  private Future<Reply> answer(Request request) {
    var parameters = request.isPost() ? request.form() : request.query();
    parameters.requireSingle();
    return request.isPost() && parameters.find("request").isPresent()
        ? decided(request, parameters)
        : begin(request, parameters);
  }

  private Future<Reply> begin(Request request, Parameters parameters) {
    parameters.find("ui_locales").ifPresent(request::preferLocales);
    return parameters
        .find("id_token_hint")
        .map(hints::find)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(hint -> begin(request, parameters, hint));
  }

  private Future<Reply> begin(Request request, Parameters parameters, Optional<Hint> hint) {
    var named = parameters.find("client_id");
    if (hint.isPresent() && named.filter(id -> !id.equals(hint.get().clientId())).isPresent()) {
      throw INVALID_REQUEST.because("client_id is not the client that id_token_hint was given to");
    }
    return client(request, hint.map(Hint::clientId).or(() -> named))
        .map(client -> LogoutRequest.of(parameters, client, hint.isPresent()))
        .compose(
            logout ->
                hint.map(known -> end(request, logout, known))
                    .orElseGet(() -> ask(request, logout)));
  }

  /** One that says nothing usable of itself is none; what cannot be looked up now may be one. */
  private Future<Optional<Client>> client(Request request, Optional<String> id) {
    return id.map(name -> clients.find(name, request.remoteAddress()))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .recover(
            failure ->
                failure instanceof UnusableDocument
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private Future<Reply> end(Request request, LogoutRequest logout, Hint hint) {
    return endings
        .end(hint.sessionId(), hint.clientId())
        .compose(ended -> pages.done(request, Told.DONE, logout.afterwards()))
        .map(browser::close);
  }

  private Future<Reply> ask(Request request, LogoutRequest logout) {
    var content = new JsonObject();
    logout.client().ifPresent(client -> content.put("client", client.id()));
    logout.afterwards().ifPresent(to -> content.put("afterwards", to.toJson()));
    var form = browser.show(request, content);
    return pages.ask(request, logout, browserIssuer.route(PATH), form).map(form::with);
  }

  private Future<Reply> decided(Request request, Parameters parameters) {
    return browser
        .sent(request, parameters, PATH)
        .map(
            content ->
                parameters.find("logout").isPresent()
                    ? agreed(request, content)
                    : pages.stayed(request))
        .orElseGet(() -> pages.foreign(request));
  }

  /** Who that was, this browser knows for a short while only; for the rest it forgets. */
  private Future<Reply> agreed(Request request, JsonObject content) {
    var client = Optional.ofNullable(content.getString("client"));
    var ending =
        browser.person(request).flatMap(person -> client.map(id -> endings.endAll(person, id)));
    var told = ending.isPresent() ? Told.DONE : Told.FORGOTTEN;
    var afterwards =
        Optional.ofNullable(content.getJsonObject("afterwards")).map(Destination::fromJson);
    return ending
        .orElseGet(Future::succeededFuture)
        .compose(ended -> pages.done(request, told, afterwards))
        .map(browser::forget);
  }
}
