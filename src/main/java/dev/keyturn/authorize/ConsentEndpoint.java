package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.client.Clients;
import dev.keyturn.client.UnusableDocument;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.upstream.LoginBegun;
import dev.keyturn.upstream.LoginRequest;
import dev.keyturn.upstream.Upstream;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the consent page's form is sent: denies, or sends the browser to the identity provider.
 *
 * <p>It accepts only what the page of this very browser held. Without that an attacker's page could
 * approve in the person's name, and the attacker's client would be given the person's tokens.
 */
final class ConsentEndpoint implements Endpoint {
  static final String PATH = "/oauth/consent";

  private final Site site;
  private final Clients clients;
  private final ConsentForm form;
  private final PendingAuthorizations pending;
  private final Upstream upstream;
  private final PushedRequests pushed;
  private final AddressQuota quota;
  private final SecureRandom random;

  ConsentEndpoint(
      Site site,
      Clients clients,
      ConsentForm form,
      PendingAuthorizations pending,
      Upstream upstream,
      PushedRequests pushed,
      AddressQuota quota,
      SecureRandom random) {
    this.site = site;
    this.clients = clients;
    this.form = form;
    this.pending = pending;
    this.upstream = upstream;
    this.pushed = pushed;
    this.quota = quota;
    this.random = random;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(List.of(site.browser().route(PATH)), Set.of("POST"), this::decide));
  }

  private Future<Reply> decide(Request request) {
    var parameters = request.form().requireSingle();
    if (!isFromOurPage(request) || !isOfThisBrowser(request, parameters)) {
      site.audit().tell(Kind.BROWSER_REFUSED, Map.of("at", PATH, "request", request.id()));
      return site.notices().page(request, Notice.FOREIGN_FORM);
    }
    var opened = form.open(parameters.required("request"));
    opened.flatMap(AuthorizationRequest::uiLocales).ifPresent(request::preferLocales);
    return opened.isEmpty()
        ? site.notices().page(request, Notice.EXPIRED_FORM)
        : decide(request, parameters, opened.get());
  }

  private Future<Reply> decide(Request request, Parameters parameters, AuthorizationRequest asked) {
    return switch (parameters.find("decision").orElse("")) {
      case "allow" -> allow(request, asked);
      case "deny" -> {
        tell(Kind.CONSENT_DENIED, asked);
        var denied = ACCESS_DENIED.because("the person denied the request").error();
        yield site.notices().tell(request, asked.returnTo(), denied);
      }
      default -> site.notices().page(request, Notice.UNDECIDED);
    };
  }

  private Future<Reply> allow(Request request, AuthorizationRequest asked) {
    return clients
        .find(asked.clientId(), request.remoteAddress())
        .map(client -> client.flatMap(known -> known.admits(asked.returnTo().uri())))
        .compose(
            admitted ->
                admitted.isPresent()
                    ? sendUpstream(request, asked)
                    : site.notices().page(request, Notice.CLIENT_GONE))
        .recover(
            failure ->
                failure instanceof UnusableDocument document
                    ? site.notices().unusable(request, document)
                    : Future.failedFuture(failure));
  }

  private Future<Reply> sendUpstream(Request request, AuthorizationRequest asked) {
    var login = new LoginRequest(unguessable(), unguessable(), unguessable(), asked.forwarded());
    return quota
        .admit(request.remoteAddress())
        .compose(admitted -> upstream.begin(login))
        .compose(
            begun ->
                isUnused(asked)
                    .compose(
                        unused ->
                            unused
                                ? leave(request, asked, login, begun)
                                : site.notices().page(request, Notice.REQUEST_GONE)));
  }

  /** Whether this is the first approval; a request that came by the browser needs no counting. */
  private Future<Boolean> isUnused(AuthorizationRequest asked) {
    return asked.pushed().map(pushed::spend).orElseGet(() -> Future.succeededFuture(true));
  }

  private Future<Reply> leave(
      Request request, AuthorizationRequest asked, LoginRequest login, LoginBegun begun) {
    var flow = site.cookies().flowValue();
    return pending
        .add(
            login.state(),
            new PendingAuthorization(
                asked, Digest.of(flow), login.nonce(), login.verifier(), begun.terms()))
        .onSuccess(added -> tell(Kind.CONSENT_GIVEN, asked))
        .map(added -> Reply.seeOther(begun.location().toString()))
        .map(reply -> site.cookies().rememberFlow(reply, request, login.state(), flow));
  }

  /** Browsers say where a form comes from; what they say must be us, if they say it. */
  private boolean isFromOurPage(Request request) {
    return says(request.header("Sec-Fetch-Site"), "same-origin")
        && says(request.header("Origin"), site.browser().origin());
  }

  private static boolean says(Optional<String> header, String expected) {
    return header.map(expected::equals).orElse(true);
  }

  private boolean isOfThisBrowser(Request request, Parameters parameters) {
    return site.cookies()
        .formValueSent(request)
        .map(
            browser ->
                form.isBound(parameters.required("token"), browser, parameters.required("request")))
        .orElse(false);
  }

  private void tell(Kind kind, AuthorizationRequest asked) {
    site.audit()
        .tell(
            kind,
            Map.of(
                "client", asked.clientId(),
                "redirect_uri", asked.returnTo().uri(),
                "scope", asked.scopes().wire()));
  }

  private String unguessable() {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
