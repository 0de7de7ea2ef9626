package dev.keyturn.client;

import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT;

import dev.keyturn.http.Parameters;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Finds out which client sent a request, and makes sure that it is that one.
 *
 * <p>A secret that nobody asked for is refused, never ignored: its owner believes it to count.
 *
 * @param assertions judges what clients sign; empty: no client signs here
 * @param guard counts who fails, and how often
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3">RFC 6749, section 2.3</a>
 */
public record ClientAuthentication(
    Clients clients, Optional<ClientAssertions> assertions, AuthenticationGuard guard) {
  private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

  /** Where no client signs, without counting. */
  public ClientAuthentication(Clients clients) {
    this(clients, Optional.empty(), AuthenticationGuard.NONE);
  }

  /** Without counting. */
  public ClientAuthentication(Clients clients, ClientAssertions assertions) {
    this(clients, Optional.of(assertions), AuthenticationGuard.NONE);
  }

  /** The same, where whoever fails too often is no longer listened to. */
  public ClientAuthentication watchedBy(AuthenticationGuard other) {
    return new ClientAuthentication(clients, assertions, other);
  }

  /** What some client here authenticates by, and {@code none} where there is no client at all. */
  public Set<Authentication.Method> methods() {
    var known = clients.methods();
    return known.isEmpty() ? Set.of(Authentication.Method.NONE) : known;
  }

  /** The client, or a refusal. Sessions go on as they began; the rest needs it as it is now. */
  public Future<Client> authenticate(Request request, Parameters parameters) {
    return parameters.find("grant_type").equals(Optional.of(Client.REFRESH_TOKEN))
        ? authenticateAgain(request, parameters)
        : authenticate(request, parameters, clients::find);
  }

  /** The client of a session that it may have, as {@link Clients#findAgain} finds it. */
  public Future<Client> authenticateAgain(Request request, Parameters parameters) {
    return authenticate(
        request,
        parameters,
        (id, address) ->
            clients.findAgain(id, Credentials.of(request, parameters).method(), address));
  }

  private Future<Client> authenticate(
      Request request,
      Parameters parameters,
      BiFunction<String, String, Future<Optional<Client>>> look) {
    var presented = Credentials.of(request, parameters);
    var address = request.remoteAddress();
    return look.apply(presented.clientId(), address)
        .map(
            found ->
                found.orElseThrow(() -> INVALID_CLIENT.because("the client is not known here")))
        .compose(client -> guard.watch(address, client, () -> prove(client, presented, address)))
        .recover(cause -> Future.failedFuture(told(cause)));
  }

  /** A client that tried the Authorization header is told the scheme, as RFC 6749 demands. */
  public static Future<Reply> challenge(Request request, Throwable failure) {
    return failure instanceof OAuthException refusal
            && refusal.error().code() == INVALID_CLIENT
            && request.header("Authorization").isPresent()
        ? Future.succeededFuture(
            Reply.json(401, Refusals.body(refusal.error()))
                .with("WWW-Authenticate", "Basic realm=\"token\""))
        : Future.failedFuture(failure);
  }

  private Future<Client> prove(Client client, Credentials presented, String address) {
    var own = client.authentication();
    if (presented.method() != own.method()) {
      throw INVALID_CLIENT.because(
          own.method() == Authentication.Method.NONE
              ? "this client authenticates by none: send only client_id"
              : "this client authenticates by " + own.method().wire());
    }
    if (own.method() == Authentication.Method.PRIVATE_KEY_JWT) {
      return assertions
          .orElseThrow(() -> INVALID_CLIENT.because("client_assertion is not supported"))
          .prove(client, presented.assertion().orElseThrow(), address);
    }
    if (own.method() != Authentication.Method.NONE && !own.admits(presented.secrets())) {
      throw INVALID_CLIENT.because("the secret is not the client's");
    }
    return Future.succeededFuture(client);
  }

  /** A program that is told {@code invalid_client} forgets itself, so not for what passes. */
  private static Throwable told(Throwable cause) {
    if (!(cause instanceof UnusableDocument failure)) {
      return cause;
    }
    return failure.isPassing()
        ? new UnavailableException(failure.host() + ": " + failure.fault(), RETRY_AFTER)
        : INVALID_CLIENT.because(
            "what the client publishes at %s cannot be used: %s"
                .formatted(failure.host(), failure.fault()));
  }
}
