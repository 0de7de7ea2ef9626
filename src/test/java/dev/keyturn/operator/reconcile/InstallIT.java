package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static dev.keyturn.operator.reconcile.GivenCluster.NODES;
import static dev.keyturn.operator.reconcile.GivenCluster.condition;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.given.ApiServer;
import dev.keyturn.given.ConnectProxy;
import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Jar;
import dev.keyturn.given.KubeApi;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Runbook;
import dev.keyturn.given.Running;
import dev.keyturn.given.Shell;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/kubernetes.md and deploy/operator/README.md, run as they stand there: from
 * an empty cluster to two servers, to another operator, and to an empty cluster.
 *
 * <p>The API server is a real one and reaches the webhook by the name of its Service, so that the
 * certificate is the documented one, too. The operator is the process of the jar, with the
 * arguments and variables of its pod and with the rights of its account. Each test goes on where
 * the one before it has stopped.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@EnabledIfEnvironmentVariable(
    named = "KUBEBUILDER_ASSETS",
    matches = ".+",
    disabledReason = "skipped: KUBEBUILDER_ASSETS names no kube-apiserver, etcd and kubectl")
class InstallIT {
  private static final Path DOCUMENT = Path.of("docs/kubernetes.md");
  private static final Path OPERATOR = Path.of("deploy/operator/README.md");
  private static final String WEBHOOK = "keyturn-webhook.keyturn-system.svc";
  private static final String SYSTEM = "/api/v1/namespaces/keyturn-system";
  private static final String TEMPLATE = "/spec/template";

  private final Vertx vertx = Vertx.vertx();
  private final int webhook = FreePorts.next();
  private final int management = FreePorts.next();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<String, Kubelet> pods = new HashMap<>();
  private final Map<String, Running> operators = new TreeMap<>();
  private Path folder;
  private Mount tls;
  private ConnectProxy proxy;
  private ApiServer server;
  private KubeApi admin;
  private Path work;
  private Shell shell;
  private Controllers controllers;

  @BeforeAll
  void layOut(@TempDir Path place) throws IOException {
    folder = place;
    tls = new Mount(folder.resolve("tls"));
    open.push(() -> done(vertx.close()));
    proxy = ConnectProxy.start(vertx).knows(WEBHOOK, webhook);
    server =
        ApiServer.start(
            Path.of(System.getenv("KUBEBUILDER_ASSETS")), Map.of("HTTPS_PROXY", proxy.url()));
    open.push(server);
    admin = server.admin();
    work = Files.createDirectories(folder.resolve("work"));
    copy(Path.of("deploy"), work.resolve("deploy"));
    image("keyturn:0.0.9");
    Files.writeString(work.resolve("client-secret"), "not ours to know\n");
    var jar = Path.of(System.getProperty("keyturn.jar", "target/keyturn.jar")).toAbsolutePath();
    Files.createSymbolicLink(work.resolve("keyturn.jar"), jar);
    open.push(() -> operators.values().forEach(Running::close));
    open.push(() -> pods.values().forEach(Kubelet::close));
    shell = new Shell(work, folder.resolve("output"), programs());
    open.push(shell);
    controllers = new Controllers(admin, this::isThere, this::gone);
    open.push(controllers);
  }

  @AfterAll
  void end() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  /** A kubectl that knows the cluster, and the Java of this test. */
  private Path programs() throws IOException {
    var programs = Files.createDirectories(folder.resolve("bin"));
    var kubectl = programs.resolve("kubectl");
    Files.writeString(
        kubectl, "#!/bin/sh\nexec " + String.join(" ", server.kubectl()) + " \"$@\"\n");
    if (!kubectl.toFile().setExecutable(true)) {
      throw new AssertionError(kubectl + " cannot be run");
    }
    Files.createSymbolicLink(
        programs.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java"));
    return programs;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** The operator's own image; the one of every Keyturn is another line. */
  private void image(String name) throws IOException {
    var file = work.resolve("deploy/operator/deployment.yaml");
    var text = Files.readString(Path.of("deploy/operator/deployment.yaml"));
    Files.writeString(file, text.replace("image: keyturn:0.1.0", "image: " + name));
  }

  /** Runs the pods of a Deployment where they do not run yet. */
  private boolean isThere(JsonNode deployment) {
    var name = deployment.at("/metadata/name").asText();
    if (name.equals("keyturn-operator")) {
      return operates(deployment);
    }
    if (name.startsWith("keyturn-")) {
      pods.computeIfAbsent(
          name, any -> Kubelet.run(admin, "default", deployment, name + "-6d9f4c-1", made(name)));
    }
    return true;
  }

  /** One pod of the newest template; those of the one before end when it is ready. */
  private boolean operates(JsonNode deployment) {
    var image = deployment.at(TEMPLATE + "/spec/containers/0/image").asText();
    if (operators.containsKey(image)) {
      return true;
    }
    var secret = admin.get(SYSTEM + "/secrets/keyturn-webhook-tls");
    if (secret.status() != 200) {
      return false;
    }
    operators.values().forEach(Running::close);
    operators.put(image, operator(deployment, image, secret.body()));
    return true;
  }

  private Running operator(JsonNode deployment, String image, JsonNode secret) {
    var container = deployment.at(TEMPLATE + "/spec/containers/0");
    var variables = new HashMap<String, String>();
    container
        .path("env")
        .forEach(one -> variables.put(one.path("name").asText(), one.path("value").asText()));
    tls.swap(entries(secret));
    var arguments = new ArrayList<String>();
    container.path("args").forEach(argument -> arguments.add(argument.asText()));
    arguments.addAll(
        List.of(
            "--webhook-host=127.0.0.1",
            "--webhook-port=" + webhook,
            "--management-host=127.0.0.1",
            "--management-port=" + management,
            "--tls-dir=" + folder.resolve("tls"),
            "--service-account=" + account(),
            "--identity=" + image.replace(":", "-")));
    var running = Jar.inPod(folder, server.port(), variables, arguments.toArray(String[]::new));
    running.line(line -> line.contains("runs for election"));
    return running;
  }

  private Path account() {
    var request = NODES.objectNode().put("kind", "TokenRequest");
    request.put("apiVersion", "authentication.k8s.io/v1").putObject("spec");
    var token = admin.post(SYSTEM + "/serviceaccounts/keyturn-operator/token", request).body();
    return FakeKubernetes.account(
        made("account"), token.at("/status/token").asText(), server.authority());
  }

  private Path made(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, byte[]> entries(JsonNode secret) {
    var entries = new TreeMap<String, byte[]>();
    for (var entry : secret.path("data").properties()) {
      try {
        entries.put(entry.getKey(), entry.getValue().binaryValue());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return entries;
  }

  private void gone(String namespace) {
    if (namespace.equals("keyturn-system")) {
      operators.values().forEach(Running::close);
    }
  }

  private void run(Path document, String section) {
    var commands = Runbook.of(document, "").of(section);
    assertThat(commands).as(section).isNotEmpty();
    commands.forEach(command -> shell.run(persistent(command)));
    assertThat(controllers.failure()).isEmpty();
  }

  /** The webhook gives up after some seconds and says that one may try again, as people do. */
  private static String persistent(String command) {
    return command.startsWith("kubectl apply --server-side -f deploy/examples/")
        ? "until " + command.strip() + "; do sleep 1; done"
        : command;
  }

  private Map<String, JsonNode> deployments() {
    var all = new TreeMap<String, JsonNode>();
    admin
        .get("/apis/apps/v1/namespaces/default/deployments")
        .body()
        .path("items")
        .forEach(one -> all.put(one.at("/metadata/name").asText(), one));
    return all;
  }

  private JsonNode config() {
    return admin.get(GivenCluster.CONFIGS.formatted("default") + "/github").body();
  }

  /** The Deployments that an operator has applied. */
  private Set<String> applied(String identity) {
    var names = new HashSet<String>();
    server.audit().stream()
        .filter(call -> call.path("userAgent").asText().equals("Keyturn " + identity))
        .filter(call -> call.path("verb").asText().equals("patch"))
        .filter(call -> call.at("/objectRef/resource").asText().equals("deployments"))
        .forEach(call -> names.add(call.at("/objectRef/name").asText()));
    return names;
  }

  @Test
  @Order(1)
  void the_operator_is_installed() {
    run(DOCUMENT, "Install");
    run(OPERATOR, "Apply it");
    operators.get("keyturn:0.0.9").line(line -> line.contains("the reconciler works"));
  }

  @Test
  @Order(2)
  void two_servers_share_a_config() {
    run(DOCUMENT, "One login, two servers");
    assertThat(deployments()).hasSize(3).containsKeys("mcp-issues", "mcp-reviews");
    await()
        .untilAsserted(() -> assertThat(condition(config(), "Ready")).isEqualTo("True UpToDate"));
    assertThat(condition(config(), "Valid")).isEqualTo("True Valid");
    assertThat(config().at("/status/referencingServers")).hasSize(2);
  }

  @Test
  @Order(3)
  void the_webhook_is_asked_by_the_name_that_its_certificate_has() {
    assertThat(proxy.asked).contains(WEBHOOK + ":443");
    var said =
        server.kubectl(
            "patch", "mcpserver", "issues", "--type=merge", "-p", "{\"spec\":{\"replicas\":2}}");
    assertThat(said.code()).isNotZero();
    assertThat(said.output()).contains("admission webhook \"resources.keyturn.dev\" denied");
  }

  @Test
  @Order(4)
  void another_operator_replaces_no_pod() throws IOException {
    var before = deployments();
    image("keyturn:0.1.0");
    run(DOCUMENT, "Upgrade");
    await().untilAsserted(() -> assertThat(applied("keyturn-0.1.0")).containsAll(before.keySet()));
    var after = deployments();
    assertThat(after.keySet()).isEqualTo(before.keySet());
    after.forEach(
        (name, deployment) -> {
          var was = before.get(name);
          assertThat(deployment.at(TEMPLATE)).hasToString(was.at(TEMPLATE).toString());
          assertThat(deployment.at("/metadata/generation"))
              .isEqualTo(was.at("/metadata/generation"));
        });
    assertThat(pods.values()).hasSize(1).allMatch(Kubelet::isAlive);
  }

  @Test
  @Order(5)
  void nothing_of_it_is_left() {
    run(DOCUMENT, "Uninstall");
    var left =
        server.kubectl(
            "get",
            "crds,clusterroles,clusterrolebindings,validatingwebhookconfigurations",
            "-o",
            "name");
    assertThat(left.code()).as(left.output()).isZero();
    assertThat(left.output()).doesNotContain("keyturn");
    assertThat(admin.get(SYSTEM).status()).isEqualTo(404);
  }
}
