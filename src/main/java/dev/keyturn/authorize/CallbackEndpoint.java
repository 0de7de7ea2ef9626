package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;
import static dev.keyturn.oauth.ErrorCode.LOGIN_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;
import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.LoginAnswer;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(CallbackEndpoint.class);
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int MAX_STATE = 128;

  private final Site site;
  private final PendingAuthorizations pending;
  private final Upstream upstream;
  private final Completion completion;
  private final Clock clock;

  CallbackEndpoint(
      Site site,
      PendingAuthorizations pending,
      Upstream upstream,
      Completion completion,
      Clock clock) {
    this.site = site;
    this.pending = pending;
    this.upstream = upstream;
    this.completion = completion;
    this.clock = clock;
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
                return unknown(request);
              }
              found.get().request().uiLocales().ifPresent(request::preferLocales);
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
    var answer =
        new LoginAnswer(
            parameters.find("code"),
            parameters.find("error"),
            parameters.find("iss"),
            mine.nonce(),
            mine.verifier(),
            mine.terms());
    var address = mine.request().returnTo();
    return upstream
        .finish(answer)
        .map(login -> requireFresh(mine.request(), login))
        .map(login -> requireHinted(mine.request(), login))
        .compose(login -> completion.complete(mine.request(), login))
        .compose(code -> site.notices().hand(request, address, code))
        .recover(failure -> fail(request, address, errorOf(failure, request.id())));
  }

  private Future<Reply> fail(Request request, ReturnAddress address, OAuthError error) {
    site.audit()
        .tell(
            Kind.LOGIN_FAILED, Map.of("client", address.clientId(), "error", error.code().wire()));
    return isOurOwnNo(error)
        ? site.notices().turnAway(request, address, error)
        : site.notices().tell(request, address, error);
  }

  /** Whether the account is not let in by {@code allow}: a provider's no comes without words. */
  private static boolean isOurOwnNo(OAuthError error) {
    return error.code() == ACCESS_DENIED && !error.description().isEmpty();
  }

  /** Checks the person's last login at the provider against {@code max_age}. */
  private UpstreamLogin requireFresh(AuthorizationRequest asked, UpstreamLogin login) {
    asked
        .maxAge()
        .ifPresent(
            seconds -> {
              var oldest = clock.instant().minusSeconds(seconds).minus(SKEW);
              if (!isSince(login.identity(), oldest)) {
                throw LOGIN_REQUIRED.because("the last login is older than max_age");
              }
            });
    return login;
  }

  /** Checks that it is the person whom the client's {@code id_token_hint} names. */
  private static UpstreamLogin requireHinted(AuthorizationRequest asked, UpstreamLogin login) {
    if (!asked.subject().map(login.identity().subject()::equals).orElse(true)) {
      throw LOGIN_REQUIRED.because("somebody else logged in than id_token_hint names");
    }
    return login;
  }

  private static boolean isSince(Identity identity, Instant oldest) {
    return identity.authenticatedAt().map(at -> !at.isBefore(oldest)).orElse(false);
  }

  /** The person approved, so the client may know; what the provider said, it may not. */
  private static OAuthError errorOf(Throwable failure, String requestId) {
    if (failure instanceof OAuthException refusal) {
      return refusal.error();
    }
    LOG.atWarn()
        .setMessage("login failed")
        .addKeyValue("request", requestId)
        .setCause(failure)
        .log();
    return new OAuthError(
        failure instanceof UnavailableException ? TEMPORARILY_UNAVAILABLE : SERVER_ERROR, "");
  }

  private Future<Reply> alreadyFinished(Request request) {
    return site.notices().page(request, Notice.FINISHED);
  }

  private Future<Reply> otherBrowser(Request request) {
    site.audit().tell(Kind.BROWSER_REFUSED, Map.of("at", PATH, "request", request.id()));
    return site.notices().page(request, Notice.ELSEWHERE);
  }

  private Future<Reply> unknown(Request request) {
    return site.notices().page(request, Notice.UNKNOWN_LOGIN);
  }
}
