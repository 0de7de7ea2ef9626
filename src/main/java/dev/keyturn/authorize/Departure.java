package dev.keyturn.authorize;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.upstream.LoginBegun;
import dev.keyturn.upstream.LoginRequest;
import dev.keyturn.upstream.Upstream;
import io.vertx.core.Future;
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
  private final Upstream upstream;
  private final PushedRequests pushed;
  private final AddressQuota quota;
  private final Unguessable names;

  Departure(
      Site site,
      PendingAuthorizations pending,
      Upstream upstream,
      PushedRequests pushed,
      AddressQuota quota,
      Unguessable names) {
    this.site = site;
    this.pending = pending;
    this.upstream = upstream;
    this.pushed = pushed;
    this.quota = quota;
    this.names = names;
  }

  /** For a client, whose request was approved; a pushed one is used up by that. */
  Future<Reply> forClient(Request http, AuthorizationRequest asked, Approval approval) {
    var login = login(asked.forwarded());
    return begin(http, login)
        .compose(
            begun ->
                isUnused(asked)
                    .compose(
                        unused ->
                            unused
                                ? leave(
                                        http,
                                        login,
                                        begun,
                                        Optional.of(asked),
                                        Optional.of(approval))
                                    .onSuccess(gone -> tell(asked, approval))
                                : site.notices().page(http, Notice.REQUEST_GONE)));
  }

  /** For a person who wants to see the account page. */
  Future<Reply> forAccount(Request http) {
    var login = login(Map.of());
    return begin(http, login)
        .compose(begun -> leave(http, login, begun, Optional.empty(), Optional.empty()));
  }

  private LoginRequest login(Map<String, String> forwarded) {
    return new LoginRequest(names.next(), names.next(), names.next(), forwarded);
  }

  private Future<LoginBegun> begin(Request http, LoginRequest login) {
    return quota.admit(http.remoteAddress()).compose(admitted -> upstream.begin(login));
  }

  /** Whether this is the first approval; a request that came by the browser needs no counting. */
  private Future<Boolean> isUnused(AuthorizationRequest asked) {
    return asked.pushed().map(pushed::spend).orElseGet(() -> Future.succeededFuture(true));
  }

  private Future<Reply> leave(
      Request http,
      LoginRequest login,
      LoginBegun begun,
      Optional<AuthorizationRequest> asked,
      Optional<Approval> approval) {
    var flow = site.cookies().flowValue();
    var begins =
        new PendingAuthorization(
            asked, approval, Digest.of(flow), login.nonce(), login.verifier(), begun.terms());
    return pending
        .add(login.state(), begins)
        .map(added -> Reply.seeOther(begun.location().toString()))
        .map(reply -> site.cookies().rememberFlow(reply, http, login.state(), flow));
  }

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
