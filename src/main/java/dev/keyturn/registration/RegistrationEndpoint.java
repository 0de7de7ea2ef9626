package dev.keyturn.registration;

import dev.keyturn.client.ClientMetadata;
import dev.keyturn.client.RegisteredClients;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The client registration endpoint, open to strangers, or to whoever has the initial access token.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3">RFC 7591, section 3</a>
 */
public final class RegistrationEndpoint implements Endpoint {
  private static final int TOO_MANY = 429;
  private static final String RETRY_AFTER = "3600";

  private final Optional<InitialAccessToken> required;
  private final MetadataReader reader;
  private final RegisteredClients clients;
  private final RegistrationQuota quota;
  private final RegistrationAccess access;

  public RegistrationEndpoint(
      RegistrationConfig config,
      RegisteredClients clients,
      RegistrationQuota quota,
      RegistrationAccess access) {
    this.required = config.initialAccessToken();
    this.reader = new MetadataReader(config.schemes());
    this.clients = clients;
    this.quota = quota;
    this.access = access;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPrograms(
            List.of(access.issuer().route(RegistrationAccess.PATH)),
            Set.of("POST"),
            this::register));
  }

  @Override
  public Map<String, Object> metadata() {
    return Map.of("registration_endpoint", access.issuer().url(RegistrationAccess.PATH));
  }

  private Future<Reply> register(Request request) {
    if (required.isEmpty()) {
      return share(request);
    }
    var token = BearerToken.of(request);
    return token.filter(required.get()::admits).isPresent()
        ? registerAlone(request)
        : Future.succeededFuture(
            BearerToken.refuse(token.isPresent(), "the initial access token is missing or wrong"));
  }

  private Future<Reply> share(Request request) {
    return clients
        .register(metadata(request), () -> quota.admit(request.remoteAddress()))
        .map(record -> Reply.json(201, access.show(record)))
        .recover(RegistrationEndpoint::tellWhen);
  }

  private Future<Reply> registerAlone(Request request) {
    var token = access.newToken();
    return clients
        .registerAlone(
            access.newId(),
            metadata(request),
            Digest.of(token),
            () -> quota.admit(request.remoteAddress()))
        .map(record -> Reply.json(201, access.show(record, token)))
        .recover(RegistrationEndpoint::tellWhen);
  }

  private ClientMetadata metadata(Request request) {
    request.requireContentType("application/json");
    return reader.read(request.body());
  }

  private static Future<Reply> tellWhen(Throwable failure) {
    return failure instanceof OAuthException refusal && refusal.error().status() == TOO_MANY
        ? Future.succeededFuture(
            Reply.json(TOO_MANY, Refusals.body(refusal.error())).with("Retry-After", RETRY_AFTER))
        : Future.failedFuture(failure);
  }
}
