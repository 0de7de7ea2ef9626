package dev.keyturn.given;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Where clients register with a fake provider, and look after their own record (RFC 7592). */
public final class RegistrationDesk {
  /** How long a secret is good; empty: for ever. */
  public volatile Optional<Duration> life = Optional.empty();

  /** Whether clients are told where their record is. */
  public volatile boolean manages;

  /** Whether a record that is put gets another secret and another registration token. */
  public volatile boolean rotates = true;

  /** Whether records alone cannot be had. */
  public volatile boolean recordsAway;

  /** Who may register; empty: everybody. */
  public volatile Optional<String> initialToken = Optional.empty();

  /** Changes the answer. */
  public volatile UnaryOperator<JsonObject> answer = record -> record;

  /** The whole answer, if it is not that. */
  public volatile Optional<Buffer> body = Optional.empty();

  /** The status of an answer that is a yes. */
  public volatile int status = 201;

  /** The error of an answer that is a no. */
  public volatile Optional<String> error = Optional.empty();

  /** Whether a connection is cut after the request was carried out. */
  public volatile boolean cuts;

  /** Where requests are held back, after they were carried out. */
  public final Gate gate = new Gate();

  /** What was sent: method and body. */
  public final List<JsonObject> registered = new CopyOnWriteArrayList<>();

  /** Everything that was asked. */
  public final AtomicInteger requests = new AtomicInteger();

  public final List<String> updated = new CopyOnWriteArrayList<>();
  public final List<String> read = new CopyOnWriteArrayList<>();
  public final List<String> deleted = new CopyOnWriteArrayList<>();

  private final Map<String, JsonObject> clients = new ConcurrentHashMap<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final AtomicInteger serial = new AtomicInteger();
  private final AtomicInteger secrets = new AtomicInteger();
  private final String url;
  private final Clock clock;

  RegistrationDesk(String url, Clock clock) {
    this.url = url;
    this.clock = clock;
  }

  /** What is known of a client. */
  public Optional<JsonObject> find(String id) {
    return Optional.ofNullable(clients.get(id));
  }

  /** Forgets a client, as an administrator would. */
  public void forget(String id) {
    clients.remove(id);
    tokens.remove(id);
  }

  /** The clients that are known, oldest first. */
  public List<String> known() {
    return clients.keySet().stream().sorted().toList();
  }

  /** Gives a client another secret of which it is not told. */
  public void changeSecret(String id) {
    clients.get(id).put("client_secret", "changed-" + secrets.incrementAndGet());
  }

  boolean isProven(String id, String method, String secret) {
    var client = clients.get(id);
    if (client == null || !method.equals(client.getString("token_endpoint_auth_method"))) {
      return false;
    }
    var end = client.getLong("client_secret_expires_at", 0L);
    return "none".equals(method)
        || (secret.equals(client.getString("client_secret"))
            && (end == 0 || clock.instant().getEpochSecond() < end));
  }

  void serve(HttpServerRequest request, Buffer sent) {
    requests.incrementAndGet();
    if (error.isPresent()) {
      RegisteringProvider.end(request, status, new JsonObject().put("error", error.get()));
    } else if (request.path().equals("/register")) {
      register(request, sent);
    } else {
      manage(request, sent, request.path().replace("/register/", ""));
    }
  }

  private void register(HttpServerRequest request, Buffer sent) {
    var given = String.valueOf(request.getHeader("Authorization"));
    if (initialToken.map(token -> !given.equals("Bearer " + token)).orElse(false)) {
      RegisteringProvider.end(request, 401, new JsonObject().put("error", "invalid_token"));
      return;
    }
    var id = "client-" + serial.incrementAndGet();
    var asked = sent.toJsonObject();
    registered.add(asked);
    clients.put(id, renewed(asked.copy().put("client_id", id)));
    tokens.put(id, "rat-" + id);
    reply(request, id);
  }

  private void manage(HttpServerRequest request, Buffer sent, String id) {
    if (recordsAway) {
      RegisteringProvider.end(request, 503, new JsonObject());
      return;
    }
    var isOwn = ("Bearer " + tokens.get(id)).equals(request.getHeader("Authorization"));
    if (!clients.containsKey(id) || !isOwn) {
      RegisteringProvider.end(request, 401, new JsonObject().put("error", "invalid_token"));
      return;
    }
    switch (request.method().name()) {
      case "GET" -> read.add(id);
      case "PUT" -> {
        updated.add(id);
        if (rotates) {
          clients.put(id, renewed(sent.toJsonObject()));
          tokens.put(id, "rat-" + id + "-" + secrets.incrementAndGet());
        }
      }
      default -> {
        deleted.add(id);
        forget(id);
      }
    }
    reply(request, id);
  }

  private JsonObject renewed(JsonObject record) {
    if ("none".equals(record.getString("token_endpoint_auth_method"))) {
      return record;
    }
    return record
        .put("client_secret", "secret-" + secrets.incrementAndGet())
        .put(
            "client_secret_expires_at",
            life.map(time -> clock.instant().plus(time).getEpochSecond()).orElse(0L));
  }

  private void reply(HttpServerRequest request, String id) {
    if (cuts) {
      request.connection().close();
      return;
    }
    var record = find(id).map(JsonObject::copy).orElseGet(JsonObject::new);
    if (manages) {
      record
          .put("registration_client_uri", url + "/" + id)
          .put("registration_access_token", tokens.get(id));
    }
    var told = body.orElse(answer.apply(record).toBuffer());
    gate.pass().onSuccess(go -> RegisteringProvider.end(request, status, told));
  }
}
