package dev.keyturn.authorize;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.upstream.LoginAnswer;
import dev.keyturn.upstream.Upstream;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
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
  static final String PATH = "/oauth/callback";

  private static final int MAX_STATE = 128;

  private final Site site;
  private final PendingAuthorizations pending;
  private final Upstream upstream;
  private final ClientLogins clientLogins;
  private final AccountLogins accountLogins;

  CallbackEndpoint(
      Site site,
      PendingAuthorizations pending,
      Upstream upstream,
      ClientLogins clientLogins,
      AccountLogins accountLogins) {
    this.site = site;
    this.pending = pending;
    this.upstream = upstream;
    this.clientLogins = clientLogins;
    this.accountLogins = accountLogins;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(
            List.of(site.browser().route(PATH)), Set.of("GET", "POST"), this::comeBack));
  }

  private Future<Reply> comeBack(Request request) {
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
                  .request()
                  .flatMap(AuthorizationRequest::uiLocales)
                  .ifPresent(request::preferLocales);
              return cookie.map(found.get()::belongsTo).orElse(false)
                  ? finish(request, parameters, state)
                  : otherBrowser(request);
            });
  }

  private Future<Reply> finish(Request request, Parameters parameters, String state) {
    return pending
        .finish(state)
        .compose(
            mine ->
                mine.isPresent()
                    ? logIn(request, parameters, mine.get())
                        .map(reply -> finishFlow(request, reply, state))
                    : alreadyFinished(request));
  }

  private Reply finishFlow(Request request, Reply reply, String state) {
    return site.cookies().finishFlow(reply, state, site.notices().language(request).tag());
  }

  private Future<Reply> logIn(Request request, Parameters parameters, PendingAuthorization mine) {
    var login = upstream.finish(answer(parameters, mine));
    return mine.request()
        .map(asked -> clientLogins.finish(request, mine, asked, login))
        .orElseGet(() -> accountLogins.finish(request, login));
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

  private Future<Reply> alreadyFinished(Request request) {
    return site.notices().page(request, Notice.FINISHED);
  }

  private Future<Reply> otherBrowser(Request request) {
    site.audit().tell(Kind.BROWSER_REFUSED, Map.of("at", PATH, "request", request.id()));
    return site.notices().page(request, Notice.ELSEWHERE);
  }
}
