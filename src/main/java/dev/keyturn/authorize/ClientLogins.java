package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.INTERACTION_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.LOGIN_REQUIRED;

import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.upstream.GrantedScopes;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Logins that a client asked for, from the answer of the upstream that says who it is to the
 * further upstreams or, where there are none to ask, the end.
 */
final class ClientLogins {
  private static final Duration SKEW = Duration.ofSeconds(60);

  private final Arrival arrival;
  private final Legs legs;
  private final Links links;
  private final Conclusion conclusion;
  private final Clock clock;

  ClientLogins(Arrival arrival, Legs legs, Links links, Conclusion conclusion, Clock clock) {
    this.arrival = arrival;
    this.legs = legs;
    this.links = links;
    this.conclusion = conclusion;
    this.clock = clock;
  }

  Future<Reply> finish(
      Request request,
      PendingAuthorization mine,
      AuthorizationRequest asked,
      Future<UpstreamLogin> login) {
    return login
        .map(brought -> requireFresh(asked, brought))
        .map(brought -> requireHinted(asked, brought))
        .compose(brought -> arrive(mine, asked, brought))
        .compose(linking -> links.go(request, mine.purpose(), linking))
        .recover(failure -> conclusion.fail(request, asked, failure));
  }

  private Future<Linking> arrive(
      PendingAuthorization mine, AuthorizationRequest asked, UpstreamLogin brought) {
    var used = GrantedScopes.toName(mine.terms().scopes(), brought.tokens().scopes());
    var arrived =
        Arrived.at(mine.upstream(), brought.identity(), used, clock.instant())
            .by(brought.session());
    return arrival
        .keep(arrived, brought)
        .compose(kept -> legs.of(arrived, asked.resources(), brought.claims()))
        .recover(failure -> arrival.drop(arrived).transform(gone -> Future.failedFuture(failure)))
        .compose(linking -> requireQuiet(asked, linking));
  }

  /** Nobody may be shown anything, and to link an account is something to see. */
  private Future<Linking> requireQuiet(AuthorizationRequest asked, Linking linking) {
    if (!asked.isSilent() || linking.left().isEmpty()) {
      return Future.succeededFuture(linking);
    }
    var refusal = INTERACTION_REQUIRED.because("the person must link an account");
    return arrival.drop(linking.arrived()).compose(gone -> Future.failedFuture(refusal));
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
}
