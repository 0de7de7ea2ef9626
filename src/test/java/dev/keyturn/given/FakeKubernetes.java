package dev.keyturn.given;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * As much of an API server as the admission asks for: objects to get and to list, and who may get a
 * Secret. It checks no schema, and misbehaves when told to.
 */
public final class FakeKubernetes {
  public static final String TOKEN = "token-1";

  /** Answers instead of what would be right, by a part of the path. */
  public final Map<String, Integer> statuses = new ConcurrentHashMap<>();

  /** Paths, by a part of them, that are never answered. */
  public final List<String> silent = new CopyOnWriteArrayList<>();

  /** Every call as verb and resource, such as {@code get secrets}. */
  public final List<String> calls = new CopyOnWriteArrayList<>();

  /** The specifications of all access reviews. */
  public final List<JsonObject> reviews = new CopyOnWriteArrayList<>();

  /** The Secrets that nobody may get. */
  public final List<String> hidden = new CopyOnWriteArrayList<>();

  /** A body that is sent in place of each answer, unless it is empty. */
  public volatile Buffer instead = Buffer.buffer();

  /** The one token that is accepted. */
  public volatile String token = TOKEN;

  private final Map<String, JsonObject> objects = new ConcurrentHashMap<>();
  private final HttpServer server;

  private FakeKubernetes(Vertx vertx, GivenCertificate certificate) {
    var options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(certificate.certificatePem()))
                    .addKeyValue(Buffer.buffer(certificate.keyPem())));
    server =
        Outcome.of(
            vertx.createHttpServer(options).requestHandler(this::take).listen(0, "127.0.0.1"));
  }

  /** Starts one at a free port; it ends with {@code vertx}. */
  public static FakeKubernetes start(Vertx vertx, GivenCertificate certificate) {
    return new FakeKubernetes(vertx, certificate);
  }

  public int port() {
    return server.actualPort();
  }

  /** Nobody listens there any more. */
  public void stop() {
    Outcome.of(server.close());
  }

  /** A service account as it is mounted. */
  public static Path account(Path folder, String token, GivenCertificate authority) {
    try {
      Files.writeString(folder.resolve("token"), token);
      Files.writeString(folder.resolve("ca.crt"), authority.certificatePem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  /** There is a Secret: a key, its text, the next key and so on. */
  public void secret(String namespace, String name, String... content) {
    var data = new JsonObject();
    for (int i = 0; i < content.length; i += 2) {
      data.put(content[i], Base64.getEncoder().encodeToString(Mount.bytes(content[i + 1])));
    }
    put(namespace, "secrets", name, new JsonObject().put("data", data));
  }

  /** There is an object of that kind. */
  public void put(String namespace, String resource, String name, JsonObject object) {
    objects.put(namespace + "/" + resource + "/" + name, object);
  }

  private void take(HttpServerRequest request) {
    request.body().onSuccess(body -> answer(request, body));
  }

  private void answer(HttpServerRequest request, Buffer body) {
    var path = request.path();
    var parts = List.of(path.replaceFirst(".*/namespaces/", "").split("/"));
    calls.add(verb(request.method(), parts) + " " + resource(parts));
    if (silent.stream().anyMatch(path::contains)) {
      return;
    }
    var wrong = statuses.keySet().stream().filter(path::contains).findFirst();
    if (!("Bearer " + token).equals(request.getHeader("Authorization"))) {
      request.response().setStatusCode(401).end();
    } else if (wrong.isPresent()) {
      request
          .response()
          .setStatusCode(statuses.get(wrong.get()))
          .putHeader("Location", "https://127.0.0.1:" + port() + "/elsewhere")
          .end();
    } else if (instead.length() > 0) {
      request.response().end(instead);
    } else {
      send(request, parts, body);
    }
  }

  private void send(HttpServerRequest request, List<String> parts, Buffer body) {
    var response = request.response().putHeader("Content-Type", "application/json");
    if (request.method().equals(HttpMethod.POST)) {
      response.setStatusCode(201).end(review(body.toJsonObject()).toBuffer());
    } else if (parts.size() == 2) {
      response.end(list(String.join("/", parts) + "/").toBuffer());
    } else if (objects.containsKey(String.join("/", parts))) {
      response.end(objects.get(String.join("/", parts)).toBuffer());
    } else {
      response.setStatusCode(404).end("{}");
    }
  }

  private JsonObject list(String prefix) {
    var items = new JsonArray();
    objects.forEach(
        (place, object) -> {
          if (place.startsWith(prefix)) {
            items.add(object);
          }
        });
    return new JsonObject().put("items", items);
  }

  private JsonObject review(JsonObject review) {
    var spec = review.getJsonObject("spec");
    reviews.add(spec);
    var name = spec.getJsonObject("resourceAttributes").getString("name");
    return review.put("status", new JsonObject().put("allowed", !hidden.contains(name)));
  }

  private static String verb(HttpMethod method, List<String> parts) {
    if (method.equals(HttpMethod.GET)) {
      return parts.size() == 2 ? "list" : "get";
    }
    return method.equals(HttpMethod.POST) ? "create" : method.name();
  }

  private static String resource(List<String> parts) {
    return parts.get(parts.size() == 3 ? 1 : parts.size() - 1);
  }
}
