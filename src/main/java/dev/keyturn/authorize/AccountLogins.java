package dev.keyturn.authorize;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import java.util.Map;

/**
 * Logins of people who want to see their account page. They lead there and nowhere else, and leave
 * nothing behind but a cookie.
 */
final class AccountLogins {
  private final Site site;
  private final PersonCookies cookies;

  AccountLogins(Site site, PersonCookies cookies) {
    this.site = site;
    this.cookies = cookies;
  }

  Future<Reply> finish(Request request, Future<UpstreamLogin> login) {
    return login
        .map(UpstreamLogin::identity)
        .map(
            identity -> {
              site.audit().tell(Kind.ACCOUNT_OPENED, Map.of("request", request.id()));
              return cookies.admit(
                  Reply.seeOther(site.browser().url(AccountEndpoint.PATH)),
                  new PersonCookies.Visitor(identity.subject(), Greeting.nameOf(identity)));
            })
        .recover(
            failure ->
                failure instanceof UnavailableException
                    ? Future.failedFuture(failure)
                    : refuse(request, failure));
  }

  private Future<Reply> refuse(Request request, Throwable failure) {
    var error = ClientLogins.errorOf(failure, request.id());
    site.audit()
        .tell(Kind.LOGIN_FAILED, Map.of("at", AccountEndpoint.PATH, "error", error.code().wire()));
    return site.notices().stayOut(request, site.browser().route(AccountEndpoint.PATH));
  }
}
