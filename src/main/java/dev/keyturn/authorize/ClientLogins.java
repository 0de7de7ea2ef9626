package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;
import static dev.keyturn.oauth.ErrorCode.CONSENT_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.LOGIN_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;
import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.client.Client;
import dev.keyturn.client.Clients;
import dev.keyturn.client.UnusableDocument;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logins that a client asked for, from the provider's answer to the answer for the client. */
final class ClientLogins {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLogins.class);
  private static final Duration SKEW = Duration.ofSeconds(60);

  private final Site site;
  private final Clients clients;
  private final Arrival arrival;
  private final Asking asking;
  private final Greeting greeting;
  private final Clock clock;

  ClientLogins(
      Site site, Clients clients, Arrival arrival, Asking asking, Greeting greeting, Clock clock) {
    this.site = site;
    this.clients = clients;
    this.arrival = arrival;
    this.asking = asking;
    this.greeting = greeting;
    this.clock = clock;
  }

  /** The code, the question that must be answered before, or the error. */
  Future<Reply> finish(
      Request request,
      PendingAuthorization mine,
      AuthorizationRequest asked,
      Future<UpstreamLogin> login) {
    return login
        .map(brought -> requireFresh(asked, brought))
        .map(brought -> requireHinted(asked, brought))
        .compose(brought -> arrive(request, mine, asked, brought))
        .recover(failure -> fail(request, asked, errorOf(failure, request.id())));
  }

  private Future<Reply> arrive(
      Request request,
      PendingAuthorization mine,
      AuthorizationRequest asked,
      UpstreamLogin brought) {
    return clients
        .find(asked.clientId(), request.remoteAddress())
        .map(client -> client.filter(known -> known.admits(asked.returnTo().uri()).isPresent()))
        .compose(
            client ->
                client.isPresent()
                    ? arrive(request, login(client.get(), asked, mine), brought)
                    : site.notices().page(request, Notice.CLIENT_GONE))
        .recover(
            failure ->
                failure instanceof UnusableDocument document
                    ? site.notices().unusable(request, document)
                    : Future.failedFuture(failure));
  }

  private static Arrival.Login login(
      Client client, AuthorizationRequest asked, PendingAuthorization mine) {
    return new Arrival.Login(client, asked, mine.approval().orElseThrow(), mine.terms().scopes());
  }

  private Future<Reply> arrive(Request request, Arrival.Login login, UpstreamLogin brought) {
    return arrival
        .arrive(login, brought)
        .compose(
            code ->
                code.isPresent()
                    ? hand(request, login, brought.identity(), code.get())
                    : ask(request, login, brought.identity()));
  }

  private Future<Reply> hand(Request request, Arrival.Login login, Identity identity, String code) {
    return site.notices()
        .hand(request, login.asked().returnTo(), code)
        .map(reply -> greeting.greet(reply, identity));
  }

  /** Whoever has logged in is not who approved, or did not approve all of it. */
  private Future<Reply> ask(Request request, Arrival.Login login, Identity identity) {
    if (login.asked().isSilent()) {
      var refusal = CONSENT_REQUIRED.because("the person must be asked");
      return arrival.drop(identity).compose(dropped -> Future.failedFuture(refusal));
    }
    return arrival
        .question(login, identity)
        .compose(
            question -> asking.ask(request, login.client(), question, Greeting.nameOf(identity)));
  }

  private Future<Reply> fail(Request request, AuthorizationRequest asked, OAuthError error) {
    var address = asked.returnTo();
    site.audit()
        .tell(
            Kind.LOGIN_FAILED, Map.of("client", address.clientId(), "error", error.code().wire()));
    return isOurOwnNo(error) && !asked.isSilent()
        ? site.notices().turnAway(request, address, error)
        : site.notices().tell(request, address, error);
  }

  /** Whether the account is not let in by {@code allow}: a provider's no comes without words. */
  static boolean isOurOwnNo(OAuthError error) {
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
