package dev.keyturn.operator.reconcile;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.ApiServer;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Jar;
import dev.keyturn.given.KubeApi;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Running;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Many configs and servers at a real API server, and one operator that starts when all are there.
 *
 * <p>Half of the servers have an image. There are no controllers and no pods.
 */
public final class OperatorScaleBench implements AutoCloseable {
  private static final String US = "system:serviceaccount:keyturn-system:keyturn-operator";

  private static final String CONFIG =
      """
      apiVersion: keyturn.dev/v1beta1
      kind: MCPExternalAuthConfig
      metadata: {name: config-%1$d}
      spec:
        type: embeddedAuthServer
        embeddedAuthServer:
          issuer: https://mcp-%1$d.example.com
          signingKeySecretRefs: [{name: keys, key: key}]
          hmacSecretRefs: [{name: keys, key: hmac}]
          vaultKeySecretRefs: [{name: keys, key: vault}]
          upstreamProviders:
            - {name: okta, type: oidc, oidcConfig: {issuerUrl: "https://example.okta.com", clientId: x}}
      """;

  private static final String SERVER =
      """
      apiVersion: keyturn.dev/v1beta1
      kind: MCPServer
      metadata: {name: server-%1$d}
      spec:
        %2$s
        transport: streamable-http
        resourceUrl: https://mcp-%3$d.example.com/server-%1$d
        oidcConfig: {type: inline, inline: {scopes: ["tools:%1$d"]}}
        authServerRef: {kind: MCPExternalAuthConfig, name: config-%3$d}
      """;

  private final Path folder = Files.createTempDirectory("operator-scale");
  private final ApiServer server =
      ApiServer.start(Path.of(System.getenv().getOrDefault("KUBEBUILDER_ASSETS", "assets")));
  private final GivenCluster cluster = new GivenCluster(server, folder);
  private final KubeApi api = server.admin();
  private final int configs;
  private final int servers;
  private final int namespaces;

  private OperatorScaleBench(Map<String, Integer> options) throws IOException {
    configs = options.getOrDefault("configs", 500);
    servers = options.getOrDefault("servers", 1_000);
    namespaces = options.getOrDefault("namespaces", 10);
  }

  /** Runs it with the options {@code --configs --servers --namespaces --idle}. */
  public static void main(String... arguments) throws Exception {
    var options = new HashMap<String, Integer>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].substring(2), Integer.parseInt(arguments[i + 1]));
    }
    System.exit(measured(options) ? 0 : 1);
  }

  /** Everything has ended when this returns; an exit in the middle would leave it all running. */
  private static boolean measured(Map<String, Integer> options) throws Exception {
    try (var bench = new OperatorScaleBench(options)) {
      bench.fill();
      return bench.run(options.getOrDefault("idle", 120));
    }
  }

  private void fill() {
    var key = NewKey.make(SigningAlgorithm.ES256, new SecureRandom()).pem();
    for (int i = 0; i < namespaces; i++) {
      post("/api/v1/namespaces", GivenCluster.named("v1", "Namespace", "scale-" + i));
      var secret = GivenCluster.named("v1", "Secret", "keys");
      secret
          .putObject("data")
          .put("key", base64(key))
          .put("hmac", base64("h".repeat(44)))
          .put("vault", base64("v".repeat(32)));
      post("/api/v1/namespaces/scale-" + i + "/secrets", secret);
    }
    for (int i = 0; i < configs; i++) {
      post(
          GivenCluster.CONFIGS.formatted("scale-" + i % namespaces),
          Manifests.parse(CONFIG.formatted(i)).get(0));
    }
    for (int i = 0; i < servers; i++) {
      var config = i % configs;
      var where =
          i < servers / 2 ? "image: ghcr.io/example/server:1" : "url: http://one.tools.svc/mcp";
      post(
          GivenCluster.SERVERS.formatted("scale-" + config % namespaces),
          Manifests.parse(SERVER.formatted(i, where, config)).get(0));
    }
  }

  private boolean run(int idle) throws IOException, InterruptedException {
    var began = System.nanoTime();
    try (var operator = operator()) {
      operator.line(line -> line.contains("this process leads"));
      var led = System.nanoTime();
      var wanted = configs + servers / 2;
      while (deployments() < wanted || ready() < configs + servers) {
        if (System.nanoTime() - began > TimeUnit.MINUTES.toNanos(15)) {
          throw new AssertionError("it does not come to an end: " + operator.lines());
        }
        TimeUnit.SECONDS.sleep(2);
      }
      var done = System.nanoTime();
      TimeUnit.SECONDS.sleep(30); // What is still under way is not idleness.
      var before = asked();
      var calls = calls();
      TimeUnit.SECONDS.sleep(idle);
      var perSecond = (asked() - before) / (double) idle;
      var memory = memory(operator.pid());
      var seconds = TimeUnit.NANOSECONDS.toSeconds(done - led);
      System.out.println(
          new JsonObject()
              .put("configs", configs)
              .put("servers", servers)
              .put("deployments", wanted)
              .put("first_full_look_s", seconds)
              .put("calls_until_then", before)
              .put("calls", new JsonObject(calls))
              .put("idle_calls_per_s", Math.round(perSecond * 100) / 100.0)
              .put("most_memory_mb", memory)
              .encode());
      return seconds <= 300 && perSecond <= 1 && memory <= 256;
    }
  }

  /** What the pod has, so that what is measured is what runs. */
  private static Map<String, String> variables() {
    var variables = new HashMap<String, String>();
    var deployment = Manifests.object(Path.of("deploy/operator"), "Deployment", "keyturn-operator");
    for (var one : deployment.at("/spec/template/spec/containers/0/env")) {
      variables.put(one.path("name").asText(), one.path("value").asText());
    }
    return variables;
  }

  private Running operator() {
    var certificate = GivenCertificate.good();
    new Mount(folder.resolve("tls"))
        .swap("tls.crt", certificate.certificatePem(), "tls.key", certificate.keyPem());
    return Jar.inPod(
        folder,
        server.port(),
        variables(),
        "operator",
        "--webhook-host=127.0.0.1",
        "--webhook-port=" + FreePorts.next(),
        "--management-host=127.0.0.1",
        "--management-port=" + FreePorts.next(),
        "--tls-dir=tls",
        "--server-image=keyturn:1",
        "--identity=bench",
        "--service-account=" + cluster.account());
  }

  private int deployments() {
    return api.get("/apis/apps/v1/deployments?limit=1")
            .body()
            .at("/metadata/remainingItemCount")
            .asInt()
        + 1;
  }

  /** How many resources are valid and know what runs for them. */
  private int ready() {
    var count = 0;
    for (var kind : List.of("mcpexternalauthconfigs", "mcpservers")) {
      for (var one : api.get("/apis/keyturn.dev/v1beta1/" + kind).body().path("items")) {
        if (GivenCluster.condition(one, "Valid").equals("True Valid")
            && one.at("/status").has("configHash")) {
          count++;
        }
      }
    }
    return count;
  }

  private long asked() {
    return ours().count();
  }

  /** How often what was asked of which kind. */
  private Map<String, Object> calls() {
    return ours()
        .collect(
            groupingBy(
                call ->
                    call.path("verb").asText()
                        + " "
                        + call.at("/objectRef/resource").asText()
                        + (call.at("/objectRef").has("subresource") ? "/status" : ""),
                TreeMap::new,
                collectingAndThen(counting(), Object.class::cast)));
  }

  private Stream<JsonNode> ours() {
    return server.audit().stream()
        .filter(call -> call.at("/user/username").asText().equals(US))
        .filter(call -> !call.path("stage").asText().equals("ResponseStarted"));
  }

  private static long memory(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElseThrow()
        / 1024;
  }

  private void post(String path, JsonNode object) {
    GivenCluster.accepted(api.post(path, (ObjectNode) object));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    cluster.close();
    server.close();
  }
}
