package dev.keyturn.authorize;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Map;

/**
 * Logins of people who want to see their account page. They lead there and nowhere else, and leave
 * nothing behind but a cookie.
 */
final class AccountLogins {
  private final Site site;
  private final PersonCookies cookies;
  private final Clock clock;

  AccountLogins(Site site, PersonCookies cookies, Clock clock) {
    this.site = site;
    this.cookies = cookies;
    this.clock = clock;
  }

  Future<Reply> finish(Request request, PendingAuthorization mine, Future<UpstreamLogin> login) {
    var next = mine.purpose().link().map(LinkEndpoint::path).orElse(AccountEndpoint.PATH);
    return login
        .map(brought -> arrived(mine, brought))
        .map(
            arrived -> {
              site.audit().tell(Kind.ACCOUNT_OPENED, Map.of("request", request.id()));
              return cookies.admit(
                  Reply.seeOther(site.browser().url(next)), PersonCookies.Visitor.of(arrived));
            })
        .recover(
            failure ->
                failure instanceof UnavailableException
                    ? Future.failedFuture(failure)
                    : refuse(request, failure));
  }

  private Arrived arrived(PendingAuthorization mine, UpstreamLogin brought) {
    return Arrived.at(mine.upstream(), brought.identity(), mine.terms().scopes(), clock.instant());
  }

  private Future<Reply> refuse(Request request, Throwable failure) {
    var error = Conclusion.errorOf(failure, request.id());
    site.audit()
        .tell(Kind.LOGIN_FAILED, Map.of("at", AccountEndpoint.PATH, "error", error.code().wire()));
    return site.notices().stayOut(request, site.browser().route(AccountEndpoint.PATH));
  }
}
