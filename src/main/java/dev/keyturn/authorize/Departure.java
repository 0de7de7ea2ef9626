package dev.keyturn.authorize;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.upstream.LoginBegun;
import dev.keyturn.upstream.LoginRequest;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Sends a browser to the identity provider, which it must come back from.
 *
 * <p>Every login begins here, and only here anything is stored before somebody has logged in.
 */
final class Departure {
  private final Site site;
  private final PendingAuthorizations pending;
  private final PushedRequests pushed;
  private final AddressQuota quota;
  private final Unguessable names;

  Departure(
      Site site,
      PendingAuthorizations pending,
      PushedRequests pushed,
      AddressQuota quota,
      Unguessable names) {
    this.site = site;
    this.pending = pending;
    this.pushed = pushed;
    this.quota = quota;
    this.names = names;
  }

  /** For a client, whose request was approved; a pushed one is used up by that. */
  Future<Reply> forClient(Request http, AuthorizationRequest asked, Approval approval, Way way) {
    var leaving = new Leaving(Purpose.of(asked, approval), Optional.empty(), way);
    var login = login(asked.forwarded());
    return begin(http, login, way)
        .compose(
            begun ->
                isUnused(asked)
                    .compose(
                        unused ->
                            unused
                                ? leave(http, login, begun, leaving)
                                    .onSuccess(gone -> tell(asked, approval))
                                : site.notices().page(http, Notice.REQUEST_GONE)));
  }

  /** For a person who comes without a client. */
  Future<Reply> forPerson(Request http, Purpose purpose, Way way) {
    var login = login(Map.of());
    return begin(http, login, way)
        .compose(begun -> leave(http, login, begun, new Leaving(purpose, Optional.empty(), way)));
  }

  /**
   * For somebody who has logged in and is to link an account at {@code way}, which is told nothing
   * of the person.
   *
   * @param anew whether another account may be meant than the one that is logged in there
   */
  Future<Reply> forLink(Request http, Purpose purpose, Linking linking, Way way, boolean anew) {
    var forwarded = new HashMap<String, String>();
    purpose
        .request()
        .flatMap(AuthorizationRequest::uiLocales)
        .ifPresent(languages -> forwarded.put("ui_locales", languages));
    if (anew && way.openId()) {
      forwarded.put("prompt", "select_account");
    }
    var login = login(forwarded);
    return begin(http, login, way)
        .compose(
            begun -> leave(http, login, begun, new Leaving(purpose, Optional.of(linking), way)));
  }

  private LoginRequest login(Map<String, String> forwarded) {
    return new LoginRequest(names.next(), names.next(), names.next(), forwarded);
  }

  private Future<LoginBegun> begin(Request http, LoginRequest login, Way way) {
    return quota.admit(http.remoteAddress()).compose(admitted -> way.upstream().begin(login));
  }

  /** Whether this is the first approval; a request that came by the browser needs no counting. */
  private Future<Boolean> isUnused(AuthorizationRequest asked) {
    return asked.pushed().map(pushed::spend).orElseGet(() -> Future.succeededFuture(true));
  }

  private Future<Reply> leave(Request http, LoginRequest login, LoginBegun begun, Leaving leaving) {
    var flow = site.cookies().flowValue();
    var begins =
        new PendingAuthorization(
            leaving.purpose,
            leaving.linking,
            leaving.way.name(),
            Digest.of(flow),
            login.nonce(),
            login.verifier(),
            begun.terms());
    var cookies = site.cookies().forFlow(leaving.way.posts());
    return pending
        .add(login.state(), begins)
        .map(added -> Reply.seeOther(begun.location().toString()))
        .map(reply -> cookies.rememberFlow(reply, http, login.state(), flow));
  }

  /** Why somebody leaves, and to where. */
  private record Leaving(Purpose purpose, Optional<Linking> linking, Way way) {}

  private void tell(AuthorizationRequest asked, Approval approval) {
    var byPage = approval.basis() == Approval.Basis.PAGE;
    site.audit()
        .tell(
            byPage ? Kind.CONSENT_GIVEN : Kind.CONSENT_SKIPPED,
            Map.of(
                "client",
                asked.clientId(),
                "redirect_uri",
                asked.returnTo().uri(),
                "scope",
                (byPage ? approval.scopes() : asked.scopes()).wire(),
                "basis",
                approval.basis().name().toLowerCase(Locale.ROOT)));
  }
}
