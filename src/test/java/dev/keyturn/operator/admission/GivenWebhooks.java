package dev.keyturn.operator.admission;

import static dev.keyturn.given.Futures.done;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.ApiServer;
import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.KubeApi;
import dev.keyturn.given.KubeApi.Said;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Mount;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.rules.Rules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Webhooks at a real API server, registered as {@code deploy/operator} does, each for the one
 * namespace of its test. Ours has the rights of {@code deploy/operator} and no other.
 */
final class GivenWebhooks implements AutoCloseable {
  static final Path FOLDER = Path.of("deploy/operator");
  static final String GROUP = "/apis/keyturn.dev/v1beta1/namespaces/";
  private static final String WEBHOOKS =
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
  private static final String ACCOUNT =
      "/api/v1/namespaces/keyturn-system/serviceaccounts/keyturn-operator/token";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Vertx vertx = Vertx.vertx();
  private final String namespace = "webhook-" + COUNT.incrementAndGet();
  private final ApiServer server;
  private final Path folder;
  private final KubeApi admin;
  private final Mount tls;

  GivenWebhooks(ApiServer server, Path folder) {
    this.server = server;
    this.folder = folder;
    this.admin = server.admin();
    this.tls = new Mount(folder.resolve("tls"));
    post("/api/v1/namespaces", named("v1", "Namespace", namespace));
  }

  /** Applies what people apply before any webhook. */
  static void install(ApiServer server) {
    for (var file :
        new String[] {"deploy/crds", FOLDER + "/namespace.yaml", FOLDER + "/rbac.yaml"}) {
      var applied =
          server.kubectl("apply", "--server-side", "-f", Path.of(file).toAbsolutePath().toString());
      if (applied.code() != 0) {
        throw new AssertionError(applied.output());
      }
    }
  }

  Vertx vertx() {
    return vertx;
  }

  String namespace() {
    return namespace;
  }

  /** A service account as a pod has it, by a token that the API server gave. */
  Path account() {
    var request = NODES.objectNode().put("kind", "TokenRequest");
    request.put("apiVersion", "authentication.k8s.io/v1").putObject("spec");
    var token = admin.post(ACCOUNT, request).body().at("/status/token").asText();
    return FakeKubernetes.account(made("account"), token, server.authority());
  }

  /** Exchanges the certificate of the webhook, as the kubelet does. */
  void serve(GivenCertificate certificate) {
    tls.swap("tls.crt", certificate.certificatePem(), "tls.key", certificate.keyPem());
  }

  /** Starts ours with the rules of the product; tells its port. */
  int ours(GivenCertificate certificate) {
    serve(certificate);
    var verticle =
        new AdmissionVerticle(
            new Webhook("127.0.0.1", 0, tls.directory(), Set.of()),
            new Pod("127.0.0.1", server.port(), account()),
            Rulebook.of(new Rules(new SecureRandom(), Clock.systemUTC())),
            new SimpleMeterRegistry(),
            Duration.ofMillis(50),
            Clock.systemUTC());
    done(vertx.deployVerticle(verticle));
    return verticle.port();
  }

  /** Registers, or registers anew, what listens at {@code port}. */
  void register(int port, ObjectNode change, GivenCertificate... trusted) {
    var webhook =
        (ObjectNode) Manifests.object(FOLDER, "ValidatingWebhookConfiguration", "keyturn");
    webhook.withObject("/metadata").put("name", namespace);
    var only = (ObjectNode) webhook.at("/webhooks/0");
    only.set(
        "clientConfig",
        NODES
            .objectNode()
            .put("url", "https://127.0.0.1:" + port + "/validate")
            .put("caBundle", bundle(trusted)));
    ((ObjectNode) only.path("namespaceSelector"))
        .putObject("matchLabels")
        .put("kubernetes.io/metadata.name", namespace);
    only.setAll(change);
    var there = admin.get(WEBHOOKS + "/" + namespace);
    if (there.status() == 200) {
      webhook
          .withObject("/metadata")
          .set("resourceVersion", there.body().at("/metadata/resourceVersion"));
      accepted(admin.put(WEBHOOKS + "/" + namespace, webhook));
    } else {
      post(WEBHOOKS, webhook);
    }
  }

  void register(int port, GivenCertificate... trusted) {
    register(port, NODES.objectNode(), trusted);
  }

  /** Puts a Secret into the namespace: a key, its text, the next key and so on. */
  void secret(String name, String... content) {
    var texts = new TreeMap<String, String>();
    for (int i = 0; i < content.length; i += 2) {
      texts.put(content[i], content[i + 1]);
    }
    secret(name, texts);
  }

  void secret(String name, Map<String, String> content) {
    var secret = named("v1", "Secret", name);
    var data = secret.putObject("data");
    content.forEach((key, text) -> data.put(key, Mount.bytes(text)));
    var path = "/api/v1/namespaces/" + namespace + "/secrets";
    if (admin.get(path + "/" + name).status() == 200) {
      accepted(admin.put(path + "/" + name, secret));
    } else {
      post(path, secret);
    }
  }

  /** Lets {@code user} write resources of ours, and do what else is said. */
  void allow(String user, ObjectNode... more) {
    var role = named("rbac.authorization.k8s.io/v1", "Role", user);
    var rules = role.putArray("rules");
    rules.add(rule("keyturn.dev", "*", "*"));
    Arrays.stream(more).forEach(rules::add);
    var path = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace;
    post(path + "/roles", role);
    var binding = named("rbac.authorization.k8s.io/v1", "RoleBinding", user);
    binding
        .putObject("roleRef")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "Role")
        .put("name", user);
    binding.putArray("subjects").addObject().put("kind", "User").put("name", user);
    post(path + "/rolebindings", binding);
  }

  static ObjectNode rule(String group, String resource, String verb) {
    var rule = NODES.objectNode();
    rule.putArray("apiGroups").add(group);
    rule.putArray("resources").add(resource);
    rule.putArray("verbs").add(verb);
    return rule;
  }

  /** Where resources of that kind are. */
  String path(JsonNode manifest) {
    return GROUP
        + namespace
        + (manifest.path("kind").asText().equals("MCPServer")
            ? "/mcpservers"
            : "/mcpexternalauthconfigs");
  }

  /** What the API server says to somebody who would have it stored. */
  Said dryRun(KubeApi user, JsonNode manifest) {
    return user.post(path(manifest) + "?fieldValidation=Strict&dryRun=All", manifest);
  }

  Said create(KubeApi user, JsonNode manifest) {
    return user.post(path(manifest) + "?fieldValidation=Strict", manifest);
  }

  @Override
  public void close() {
    admin.delete(WEBHOOKS + "/" + namespace);
    done(vertx.close());
  }

  private void post(String path, JsonNode object) {
    accepted(admin.post(path, object));
  }

  private static void accepted(Said said) {
    if (said.status() / 100 != 2) {
      throw new AssertionError(said.toString());
    }
  }

  private static ObjectNode named(String version, String kind, String name) {
    var object = NODES.objectNode().put("apiVersion", version).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }

  private static String bundle(GivenCertificate... trusted) {
    return Base64.getEncoder()
        .encodeToString(
            Mount.bytes(
                Arrays.stream(trusted)
                    .map(GivenCertificate::certificatePem)
                    .collect(Collectors.joining())));
  }

  private Path made(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
