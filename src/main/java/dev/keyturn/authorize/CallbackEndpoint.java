package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;
import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.upstream.CallbackPath;
import dev.keyturn.upstream.LoginAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the identity provider sends the browser back to.
 *
 * <p>A login is finished only in the browser that began it. Else an attacker could have a victim
 * finish the attacker's login, or finish the victim's somewhere else.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.7">RFC 9700, section 4.7</a>
 */
final class CallbackEndpoint implements Endpoint {
  static final String PATH = CallbackPath.ROOT;

  private static final int MAX_STATE = 128;

  private final Site site;
  private final PendingAuthorizations pending;
  private final Ways ways;
  private final Links links;
  private final ClientLogins clientLogins;
  private final AccountLogins accountLogins;

  CallbackEndpoint(
      Site site,
      PendingAuthorizations pending,
      Ways ways,
      Links links,
      ClientLogins clientLogins,
      AccountLogins accountLogins) {
    this.site = site;
    this.pending = pending;
    this.ways = ways;
    this.links = links;
    this.clientLogins = clientLogins;
    this.accountLogins = accountLogins;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        route(PATH, request -> comeBack(request, new CallbackPath(""))),
        route(
            PATH + "/:upstream",
            request -> comeBack(request, new CallbackPath(request.pathParameter("upstream")))));
  }

  private Route route(String path, Route.Action action) {
    return Route.forPeople(List.of(site.browser().route(path)), Set.of("GET", "POST"), action);
  }

  private Future<Reply> comeBack(Request request, CallbackPath path) {
    var parameters = (request.isPost() ? request.form() : request.query()).requireSingle();
    var state = parameters.find("state").filter(text -> text.length() <= MAX_STATE).orElse("");
    var cookie = site.cookies().flowSent(request, state);
    var finished = cookie.flatMap(BrowserCookies::finishedIn);
    if (finished.isPresent()) {
      request.preferLocales(finished.get());
      return alreadyFinished(request);
    }
    return pending
        .find(state)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return site.notices().page(request, Notice.UNKNOWN_LOGIN);
              }
              found
                  .get()
                  .purpose()
                  .request()
                  .flatMap(AuthorizationRequest::uiLocales)
                  .ifPresent(request::preferLocales);
              return cookie.map(found.get()::belongsTo).orElse(false)
                  ? finish(request, new Came(path, parameters, state))
                  : otherBrowser(request);
            });
  }

  private Future<Reply> finish(Request request, Came came) {
    return pending
        .finish(came.state)
        .compose(
            mine ->
                mine.isPresent()
                    ? logIn(request, came, mine.get())
                        .map(reply -> finishFlow(request, reply, came.state, mine.get()))
                    : alreadyFinished(request));
  }

  private Reply finishFlow(Request request, Reply reply, String state, PendingAuthorization mine) {
    var posts = ways.find(mine.upstream()).filter(Way::posts).isPresent();
    var language = site.notices().language(request).tag();
    return site.cookies().forFlow(posts).finishFlow(reply, state, language);
  }

  private Future<Reply> logIn(Request request, Came came, PendingAuthorization mine) {
    if (mine.linking().isPresent()) {
      return links.finish(
          request,
          mine,
          mine.linking().get(),
          () -> redeem(request, came, mine, ways.find(mine.upstream())));
    }
    var login = redeem(request, came, mine, ways.identity(mine.upstream()));
    return mine.purpose()
        .request()
        .map(asked -> clientLogins.finish(request, mine, asked, login))
        .orElseGet(() -> accountLogins.finish(request, mine, login));
  }

  /**
   * The login at the upstream that it was sent to, if that may still be used for it. What came by
   * the path of another one, or does not say whose it is where that is in doubt, is shown to
   * nobody.
   */
  private Future<UpstreamLogin> redeem(
      Request request, Came came, PendingAuthorization mine, Optional<Way> way) {
    if (way.isEmpty()) {
      return Future.failedFuture(
          TEMPORARILY_UNAVAILABLE.because("the identity provider is gone; please log in again"));
    }
    var expected = CallbackPath.of(mine.terms().redirectUri());
    if (!way.get().admits(came.path, expected, came.parameters.find("iss"))) {
      site.audit()
          .tell(
              Kind.UPSTREAM_MIXED_UP, Map.of("upstream", mine.upstream(), "request", request.id()));
      return Future.failedFuture(SERVER_ERROR.because(""));
    }
    return way.get().upstream().finish(answer(came.parameters, mine));
  }

  private static LoginAnswer answer(Parameters parameters, PendingAuthorization mine) {
    return new LoginAnswer(
        parameters.find("code"),
        parameters.find("error"),
        parameters.find("iss"),
        mine.nonce(),
        mine.verifier(),
        mine.terms());
  }

  /** What a browser came with, and where to. */
  private record Came(CallbackPath path, Parameters parameters, String state) {}

  private Future<Reply> alreadyFinished(Request request) {
    return site.notices().page(request, Notice.FINISHED);
  }

  private Future<Reply> otherBrowser(Request request) {
    site.audit().tell(Kind.BROWSER_REFUSED, Map.of("at", PATH, "request", request.id()));
    return site.notices().page(request, Notice.ELSEWHERE);
  }
}
