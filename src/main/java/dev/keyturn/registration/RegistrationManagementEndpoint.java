package dev.keyturn.registration;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;
import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.client.RegisteredClients;
import dev.keyturn.client.Registration;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The client configuration endpoint: a client reads its own record with its registration token.
 *
 * <p>Shared records are everybody's who registers the same, so nobody changes or deletes them. A
 * record that has ended is answered like a wrong token, which tells nobody which ones there were.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-2">RFC 7592, section 2</a>
 */
public final class RegistrationManagementEndpoint implements Endpoint {
  private static final String BEARER = "Bearer ";

  private final RegisteredClients clients;
  private final RegistrationAccess access;

  public RegistrationManagementEndpoint(RegisteredClients clients, RegistrationAccess access) {
    this.clients = clients;
    this.access = access;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPrograms(
            List.of(access.issuer().route(RegistrationAccess.PATH + "/:client_id")),
            Set.of("GET", "PUT", "DELETE"),
            this::answer));
  }

  private Future<Reply> answer(Request request) {
    var token = bearer(request);
    var id = request.pathParameter("client_id");
    return Future.succeededFuture(token.filter(given -> access.admits(id, given)).isPresent())
        .compose(
            admitted ->
                admitted ? clients.registration(id) : Future.succeededFuture(Optional.empty()))
        .map(
            found ->
                found
                    .map(record -> answer(request, record))
                    .orElseGet(() -> refuse(token.isPresent())));
  }

  private Reply answer(Request request, Registration record) {
    if (request.method().equals("PUT") || request.method().equals("DELETE")) {
      throw ACCESS_DENIED.because("this registration is shared, so it cannot be changed");
    }
    return Reply.json(200, access.show(record));
  }

  /** RFC 6750, section 3.1: a request without any token is told no error in the challenge. */
  private static Reply refuse(boolean tokenGiven) {
    OAuthException refusal =
        INVALID_TOKEN.because("the registration access token is missing, wrong or has ended");
    return Reply.json(401, Refusals.body(refusal.error()))
        .with("WWW-Authenticate", tokenGiven ? "Bearer error=\"invalid_token\"" : "Bearer");
  }

  private static Optional<String> bearer(Request request) {
    return request
        .header("Authorization")
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).trim());
  }
}
