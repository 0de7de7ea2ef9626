package dev.keyturn.registration;

import dev.keyturn.client.ClientMetadata;
import dev.keyturn.client.RegisteredClients;
import dev.keyturn.client.Registration.Owner;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
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
    this.reader = new MetadataReader(config.schemes(), config.confidential());
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
    var token = BearerToken.of(request);
    if (required.isPresent() && token.filter(required.get()::admits).isEmpty()) {
      return Future.succeededFuture(
          BearerToken.refuse(token.isPresent(), "the initial access token is missing or wrong"));
    }
    var metadata = metadata(request);
    return (required.isPresent() || metadata.isConfidential()
            ? registerAlone(request, metadata)
            : share(request, metadata))
        .map(answer -> Reply.json(201, answer))
        .recover(RegistrationEndpoint::tellWhen);
  }

  private Future<JsonObject> share(Request request, ClientMetadata metadata) {
    return clients.register(metadata, () -> quota.admit(request.remoteAddress())).map(access::show);
  }

  /** RFC 7591, section 3.2.1: a secret that never expires says so by a zero. */
  private Future<JsonObject> registerAlone(Request request, ClientMetadata metadata) {
    var token = access.newToken();
    var secret = metadata.hasSecret() ? Optional.of(access.newToken()) : Optional.<String>empty();
    var owner = new Owner(Digest.of(token), secret.map(Digest::of));
    return clients
        .registerAlone(access.newId(), metadata, owner, () -> quota.admit(request.remoteAddress()))
        .map(record -> access.show(record, token))
        .map(
            shown ->
                secret
                    .map(
                        text -> shown.put("client_secret", text).put("client_secret_expires_at", 0))
                    .orElse(shown));
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
