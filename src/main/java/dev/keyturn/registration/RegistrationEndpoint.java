package dev.keyturn.registration;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

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
  private final Audit audit;

  public RegistrationEndpoint(
      RegistrationConfig config,
      RegisteredClients clients,
      RegistrationQuota quota,
      RegistrationAccess access,
      Audit audit) {
    this.required = config.initialAccessToken();
    this.reader = new MetadataReader(config.schemes(), config.confidential());
    this.clients = clients;
    this.quota = quota;
    this.access = access;
    this.audit = audit;
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
    var isNew = new AtomicBoolean();
    Supplier<Future<Void>> admission =
        () -> quota.admit(request.remoteAddress()).onSuccess(admitted -> isNew.set(true));
    return (required.isPresent() || metadata.isConfidential()
            ? registerAlone(metadata, admission)
            : clients.register(metadata, admission).map(access::show))
        .onSuccess(answer -> tell(answer, isNew.get()))
        .map(answer -> Reply.json(201, answer))
        .recover(RegistrationEndpoint::tellWhen);
  }

  /** RFC 7591, section 3.2.1: a secret that never expires says so by a zero. */
  private Future<JsonObject> registerAlone(
      ClientMetadata metadata, Supplier<Future<Void>> admission) {
    var token = access.newToken();
    var secret = metadata.hasSecret() ? Optional.of(access.newToken()) : Optional.<String>empty();
    var owner = new Owner(Digest.of(token), secret.map(Digest::of));
    return clients
        .registerAlone(access.newId(), metadata, owner, admission)
        .map(record -> access.show(record, token))
        .map(
            shown ->
                secret
                    .map(
                        text -> shown.put("client_secret", text).put("client_secret_expires_at", 0))
                    .orElse(shown));
  }

  /** Whoever registers again what is known already is no news. */
  private void tell(JsonObject answer, boolean isNew) {
    if (isNew) {
      audit.tell(Kind.CLIENT_REGISTERED, Map.of("client", answer.getString("client_id")));
    }
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
