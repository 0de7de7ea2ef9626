package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.ApiServer;
import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.KubeApi;
import dev.keyturn.given.KubeApi.Said;
import dev.keyturn.given.Manifests;
import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.objects.Settings;
import dev.keyturn.operator.rules.Rules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A namespace of a real API server, and operators with the rights of {@code deploy/operator} that
 * watch it.
 */
final class GivenCluster implements AutoCloseable {
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  static final String CONFIGS = "/apis/keyturn.dev/v1beta1/namespaces/%s/mcpexternalauthconfigs";
  static final String SERVERS = "/apis/keyturn.dev/v1beta1/namespaces/%s/mcpservers";
  static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/%s/deployments";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String ACCOUNT =
      "/api/v1/namespaces/keyturn-system/serviceaccounts/keyturn-operator/token";

  private final Vertx vertx = Vertx.vertx();
  private final ApiServer server;
  private final KubeApi admin;
  private final Path folder;
  private final String namespace = "reconcile-" + COUNT.incrementAndGet();

  GivenCluster(ApiServer server, Path folder) {
    this.server = server;
    this.admin = server.admin();
    this.folder = folder;
    install(server);
    accepted(admin.post("/api/v1/namespaces", named("v1", "Namespace", namespace)));
  }

  /** Applies what people apply before any operator. */
  static void install(ApiServer server) {
    for (var file :
        List.of("deploy/crds", "deploy/operator/namespace.yaml", "deploy/operator/rbac.yaml")) {
      var ran =
          server.kubectl("apply", "--server-side", "-f", Path.of(file).toAbsolutePath().toString());
      if (ran.code() != 0) {
        throw new AssertionError(ran.output());
      }
    }
    await().until(() -> server.admin().get(CONFIGS.formatted("default")).status() == 200);
  }

  Vertx vertx() {
    return vertx;
  }

  String namespace() {
    return namespace;
  }

  int port() {
    return server.port();
  }

  KubeApi admin() {
    return admin;
  }

  /** Starts an operator for this namespace; it ends with this. */
  String operator(String identity) {
    return operator(identity, server.port());
  }

  String operator(String identity, int port) {
    return operator(identity, port, new Settings(pod("keyturn:1"), "keyturn-system", List.of()));
  }

  String operator(String identity, int port, Settings settings) {
    var told =
        new Reconciling(
            settings, Set.of(namespace), "keyturn-system", identity, new SimpleMeterRegistry());
    var verticle =
        new ReconcilerVerticle(
            told,
            new Pod("127.0.0.1", port, account()),
            new Rules(new SecureRandom(), Clock.systemUTC()),
            Clock.systemUTC());
    return done(vertx.deployVerticle(verticle));
  }

  static dev.keyturn.operator.render.Pod pod(String image) {
    return new dev.keyturn.operator.render.Pod(image, new ResourceNeeds(Map.of(), Map.of()));
  }

  void stop(String operator) {
    done(vertx.undeploy(operator));
  }

  /** A service account as a pod has it, by a token that the API server gave. */
  Path account() {
    var request = NODES.objectNode().put("kind", "TokenRequest");
    request.put("apiVersion", "authentication.k8s.io/v1").putObject("spec");
    var token = admin.post(ACCOUNT, request).body().at("/status/token").asText();
    try {
      return FakeKubernetes.account(
          Files.createDirectories(folder.resolve("account")), token, server.authority());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies each resource of a YAML text to the namespace, over what the operator writes. */
  void apply(String yaml) {
    for (var object : Manifests.parse(yaml)) {
      var path =
          (object.path("kind").asText().equals("MCPServer") ? SERVERS : CONFIGS)
              .formatted(namespace);
      var one = path + "/" + object.at("/metadata/name").asText();
      var said =
          await()
              .until(() -> put(path, one, (ObjectNode) object), answer -> answer.status() != 409);
      accepted(said);
    }
  }

  private Said put(String all, String one, ObjectNode object) {
    var there = admin.get(one);
    if (there.status() != 200) {
      return admin.post(all + "?fieldValidation=Strict", object);
    }
    object
        .withObject("/metadata")
        .set("resourceVersion", there.body().at("/metadata/resourceVersion"));
    return admin.put(one + "?fieldValidation=Strict", object);
  }

  /** Puts a Secret there: a key, its text, the next key and so on. */
  void secret(String name, String... content) {
    var secret = named("v1", "Secret", name);
    var data = secret.putObject("data");
    for (int i = 0; i < content.length; i += 2) {
      data.put(
          content[i],
          Base64.getEncoder()
              .encodeToString(content[i + 1].getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
    var path = "/api/v1/namespaces/" + namespace + "/secrets";
    accepted(
        admin.get(path + "/" + name).status() == 200
            ? admin.put(path + "/" + name, secret)
            : admin.post(path, secret));
  }

  JsonNode config(String name) {
    return admin.get(CONFIGS.formatted(namespace) + "/" + name).body();
  }

  JsonNode server(String name) {
    return admin.get(SERVERS.formatted(namespace) + "/" + name).body();
  }

  /** Every object below a path, by name. */
  Map<String, JsonNode> all(String path) {
    var all = new TreeMap<String, JsonNode>();
    admin
        .get(path.formatted(namespace))
        .body()
        .path("items")
        .forEach(item -> all.put(item.at("/metadata/name").asText(), item));
    return all;
  }

  /** The only Deployment of a Keyturn. */
  JsonNode keyturn() {
    var found =
        all(DEPLOYMENTS).values().stream()
            .filter(one -> one.at("/metadata/name").asText().startsWith("keyturn-"))
            .toList();
    return found.size() == 1 ? found.get(0) : NODES.missingNode();
  }

  /** The status of a condition, with its reason. */
  static String condition(JsonNode resource, String type) {
    for (var one : resource.at("/status/conditions")) {
      if (one.path("type").asText().equals(type)) {
        return one.path("status").asText() + " " + one.path("reason").asText();
      }
    }
    return "";
  }

  static String message(JsonNode resource, String type) {
    for (var one : resource.at("/status/conditions")) {
      if (one.path("type").asText().equals(type)) {
        return one.path("message").asText();
      }
    }
    return "";
  }

  JsonNode awaitConfig(String name, Predicate<JsonNode> wanted) {
    return await().until(() -> config(name), wanted);
  }

  JsonNode awaitServer(String name, Predicate<JsonNode> wanted) {
    return await().until(() -> server(name), wanted);
  }

  JsonNode awaitKeyturn() {
    return await().until(this::keyturn, found -> !found.isMissingNode());
  }

  static ObjectNode named(String version, String kind, String name) {
    var object = NODES.objectNode().put("apiVersion", version).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }

  static void accepted(Said said) {
    if (said.status() / 100 != 2) {
      throw new AssertionError(said.toString());
    }
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
