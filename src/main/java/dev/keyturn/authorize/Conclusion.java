package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;
import static dev.keyturn.oauth.ErrorCode.CONSENT_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;
import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.client.Clients;
import dev.keyturn.client.UnusableDocument;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a login that a client asked for ends, once every account is there: by the code, the question
 * that must be answered before, or the error.
 */
final class Conclusion {
  private static final Logger LOG = LoggerFactory.getLogger(Conclusion.class);

  private final Site site;
  private final Clients clients;
  private final Arrival arrival;
  private final Asking asking;
  private final Greeting greeting;

  Conclusion(Site site, Clients clients, Arrival arrival, Asking asking, Greeting greeting) {
    this.site = site;
    this.clients = clients;
    this.arrival = arrival;
    this.asking = asking;
    this.greeting = greeting;
  }

  /** Ends the login of {@code arrived}; whatever fails is told to the client. */
  Future<Reply> conclude(
      Request request, AuthorizationRequest asked, Approval approval, Arrived arrived) {
    return clients
        .find(asked.clientId(), request.remoteAddress())
        .map(client -> client.filter(known -> known.admits(asked.returnTo().uri()).isPresent()))
        .compose(
            client ->
                client.isPresent()
                    ? arrive(request, new Arrival.Login(client.get(), asked, approval), arrived)
                    : site.notices().page(request, Notice.CLIENT_GONE))
        .recover(
            failure ->
                failure instanceof UnusableDocument document
                    ? site.notices().unusable(request, document)
                    : fail(request, asked, failure));
  }

  /** Tells the client of a failure, in a name that it may know. */
  Future<Reply> fail(Request request, AuthorizationRequest asked, Throwable failure) {
    var error = errorOf(failure, request.id());
    var address = asked.returnTo();
    site.audit()
        .tell(
            Kind.LOGIN_FAILED, Map.of("client", address.clientId(), "error", error.code().wire()));
    return isOurOwnNo(error) && !asked.isSilent()
        ? site.notices().turnAway(request, address, error)
        : site.notices().tell(request, address, error);
  }

  private Future<Reply> arrive(Request request, Arrival.Login login, Arrived arrived) {
    return arrival
        .arrive(login, arrived)
        .compose(
            code ->
                code.isPresent()
                    ? hand(request, login, arrived, code.get())
                    : ask(request, login, arrived));
  }

  private Future<Reply> hand(Request request, Arrival.Login login, Arrived arrived, String code) {
    return site.notices()
        .hand(request, login.asked().returnTo(), code)
        .map(reply -> greeting.greet(reply, PersonCookies.Visitor.of(arrived)));
  }

  /** Whoever has logged in is not who approved, or did not approve all of it. */
  private Future<Reply> ask(Request request, Arrival.Login login, Arrived arrived) {
    if (login.asked().isSilent()) {
      var refusal = CONSENT_REQUIRED.because("the person must be asked");
      return arrival.drop(arrived).compose(dropped -> Future.failedFuture(refusal));
    }
    return arrival
        .question(login, arrived)
        .compose(question -> asking.ask(request, login.client(), question, arrived.name()));
  }

  /** Whether the account is not let in by {@code allow}: a provider's no comes without words. */
  static boolean isOurOwnNo(OAuthError error) {
    return error.code() == ACCESS_DENIED && !error.description().isEmpty();
  }

  /** The person approved, so the client may know; what the provider said, it may not. */
  static OAuthError errorOf(Throwable failure, String requestId) {
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
}
