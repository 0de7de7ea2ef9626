package dev.keyturn.registration;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;
import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT_METADATA;

import dev.keyturn.client.ClientMetadata;
import dev.keyturn.client.RegisteredClients;
import dev.keyturn.client.Registration;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The client configuration endpoint: a client reads its own record with its registration token, and
 * changes or deletes it if it is its alone.
 *
 * <p>Shared records are everybody's who registers the same, so nobody changes or deletes them. A
 * record that has ended is answered like a wrong token, which tells nobody which ones there were.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-2">RFC 7592, section 2</a>
 */
public final class RegistrationManagementEndpoint implements Endpoint {
  private final MetadataReader reader;
  private final RegisteredClients clients;
  private final RegistrationAccess access;

  public RegistrationManagementEndpoint(
      RegistrationConfig config, RegisteredClients clients, RegistrationAccess access) {
    this.reader = new MetadataReader(config.schemes(), config.confidential());
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
    var token = BearerToken.of(request);
    return token
        .map(given -> ownRecord(request, given))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(
            found ->
                found.isPresent()
                    ? answer(request, found.get(), token.orElseThrow())
                    : refuse(token.isPresent()));
  }

  private Future<Optional<Registration>> ownRecord(Request request, String token) {
    return clients
        .registration(request.pathParameter("client_id"))
        .map(found -> found.filter(record -> access.admits(record, token)));
  }

  private Future<Reply> answer(Request request, Registration record, String token) {
    return switch (request.method()) {
      case "PUT" -> change(request, requireOwn(record), token);
      case "DELETE" -> clients.remove(requireOwn(record).id()).map(gone -> Reply.empty(204));
      default -> Future.succeededFuture(Reply.json(200, access.show(record, token)));
    };
  }

  private static Registration requireOwn(Registration record) {
    if (record.isShared()) {
      throw ACCESS_DENIED.because("this registration is shared, so it cannot be changed");
    }
    return record;
  }

  /** What the body leaves out is left out of the record (RFC 7592, section 2.2). */
  private Future<Reply> change(Request request, Registration record, String token) {
    request.requireContentType("application/json");
    var members = JsonMembers.parse(request.body());
    if (!members.text("client_id").equals(Optional.of(record.id()))) {
      throw INVALID_CLIENT_METADATA.because("client_id must be that of this registration");
    }
    requireOwnSecret(record, members);
    return clients
        .change(record.id(), requireOfKind(record, reader.read(request.body())))
        .compose(
            changed ->
                changed
                    .map(next -> Future.succeededFuture(Reply.json(200, access.show(next, token))))
                    .orElseGet(() -> refuse(true)));
  }

  /** A client that has a secret need not send it, but never another one. */
  private static void requireOwnSecret(Registration record, JsonMembers members) {
    var secret = members.text("client_secret");
    if (members.has("client_secret")
        && secret.filter(text -> record.owner().orElseThrow().hasSecret(text)).isEmpty()) {
      throw INVALID_CLIENT_METADATA.because(
          record.metadata().hasSecret()
              ? "client_secret is not that of this client"
              : "client_secret: this client has none");
    }
  }

  /**
   * A change neither makes a secret nor lets it go: whoever knew it would go on believing in it.
   */
  private static ClientMetadata requireOfKind(Registration record, ClientMetadata next) {
    if (next.hasSecret() != record.metadata().hasSecret()) {
      throw INVALID_CLIENT_METADATA.because(
          record.metadata().hasSecret()
              ? "this client has a secret: register anew to have none"
              : "this client has no secret: register anew to have one");
    }
    return next;
  }

  private static Future<Reply> refuse(boolean tokenGiven) {
    return Future.succeededFuture(
        BearerToken.refuse(
            tokenGiven, "the registration access token is missing, wrong or has ended"));
  }
}
