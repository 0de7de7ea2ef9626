package dev.keyturn.client;

import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT;

import dev.keyturn.http.Parameters;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;

/**
 * Finds out which client sent a request, and makes sure that it is that one.
 *
 * <p>A secret that nobody asked for is refused, never ignored: its owner believes it to count.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3">RFC 6749, section 2.3</a>
 */
public record ClientAuthentication(Clients clients) {
  /** The client, or a refusal. */
  public Future<Client> authenticate(Request request, Parameters parameters) {
    var presented = Credentials.of(request, parameters);
    return clients
        .find(presented.clientId())
        .map(
            found ->
                found.orElseThrow(() -> INVALID_CLIENT.because("the client is not known here")))
        .map(client -> prove(client, presented));
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

  private static Client prove(Client client, Credentials presented) {
    var own = client.authentication();
    if (presented.method() != own.method()) {
      throw INVALID_CLIENT.because(
          own.method() == Authentication.Method.NONE
              ? "this client authenticates by none: send only client_id"
              : "this client authenticates by " + own.method().wire());
    }
    if (own.method() != Authentication.Method.NONE && !own.admits(presented.secrets())) {
      throw INVALID_CLIENT.because("the secret is not the client's");
    }
    return client;
  }
}
