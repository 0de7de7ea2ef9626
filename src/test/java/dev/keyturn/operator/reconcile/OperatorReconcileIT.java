package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.operator.reconcile.GivenCluster.CONFIGS;
import static dev.keyturn.operator.reconcile.GivenCluster.DEPLOYMENTS;
import static dev.keyturn.operator.reconcile.GivenCluster.NODES;
import static dev.keyturn.operator.reconcile.GivenCluster.SERVERS;
import static dev.keyturn.operator.reconcile.GivenCluster.condition;
import static dev.keyturn.operator.reconcile.GivenCluster.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.ApiServer;
import dev.keyturn.given.CutProxy;
import dev.keyturn.given.GivenApiServer;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.operator.objects.Settings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the reconciler makes of resources, at a real API server and by the rights it has there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(GivenApiServer.class)
class OperatorReconcileIT {
  private static final Path EXAMPLE = Path.of("deploy/examples/github-two-servers.yaml");
  private static final String PODS = "/spec/template";
  private static final String SPEC =
      "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final NewKey one = NewKey.make(SigningAlgorithm.ES256, new SecureRandom());
  private final NewKey two = NewKey.make(SigningAlgorithm.ES256, new SecureRandom());
  private GivenCluster cluster;
  private String operator;

  @BeforeEach
  void start(ApiServer server) {
    cluster = new GivenCluster(server, folder);
    operator = cluster.operator("first");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static String example() {
    try {
      return Files.readString(EXAMPLE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The key that signs, and the one before it. */
  private void keys(NewKey current, NewKey previous) {
    cluster.secret(
        "as-keys",
        "current.pem",
        current.pem(),
        "previous.pem",
        previous.pem(),
        "hmac-1",
        "h".repeat(44),
        "vault-1",
        "v".repeat(32));
  }

  private void secrets() {
    keys(one, NewKey.make(SigningAlgorithm.ES256, new SecureRandom()));
    cluster.secret("github", "client-secret", "not ours to know");
  }

  private Kubelet pod(String name) throws IOException {
    return Kubelet.run(
        cluster, cluster.keyturn(), name, Files.createDirectories(folder.resolve(name)));
  }

  private static List<String> pods(JsonNode config) {
    return texts(config.at("/status/pods"), "name", "upToDate");
  }

  private static List<String> keys(JsonNode config) {
    return texts(config.at("/status/keys"), "kid", "state");
  }

  private static List<String> texts(JsonNode list, String one, String other) {
    var texts = new ArrayList<String>();
    list.forEach(item -> texts.add(item.path(one).asText() + " " + item.path(other).asText()));
    return texts;
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private List<String> events() {
    return texts(
        NODES
            .arrayNode()
            .addAll(
                cluster.all("/apis/events.k8s.io/v1/namespaces/%s/events").values().stream()
                    .toList()),
        "type",
        "reason");
  }

  @Nested
  class Two_servers_of_one_config {
    @BeforeEach
    void apply() {
      secrets();
      cluster.apply(example());
      cluster.awaitConfig("github", config -> condition(config, "Valid").equals("True Valid"));
      cluster.awaitKeyturn();
    }

    @Test
    void share_one_Keyturn() {
      await().until(() -> cluster.all(DEPLOYMENTS).size() == 3);
      assertThat(cluster.all(DEPLOYMENTS).keySet())
          .filteredOn(name -> name.startsWith("keyturn-"))
          .hasSize(1);
    }

    @Test
    void are_both_in_its_configuration() {
      var name = cluster.keyturn().at("/metadata/name").asText();
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          cluster
                              .all("/api/v1/namespaces/%s/configmaps")
                              .get(name)
                              .at("/data/keyturn.yaml")
                              .asText())
                      .contains(
                          "path: \"/issues\"", "path: \"/reviews\"", "mcp-github-issues-lister"));
    }

    @Test
    void have_all_that_belongs_to_it() {
      var name = cluster.keyturn().at("/metadata/name").asText();
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          cluster.all("/apis/networking.k8s.io/v1/namespaces/%s/networkpolicies"))
                      .containsOnlyKeys(name, "mcp-issues", "mcp-reviews"));
      assertThat(cluster.all("/api/v1/namespaces/%s/services"))
          .containsOnlyKeys(name, "mcp-issues", "mcp-reviews");
      assertThat(cluster.all("/api/v1/namespaces/%s/serviceaccounts"))
          .containsOnlyKeys(name, "mcp-issues", "mcp-reviews");
    }

    @Test
    void are_named_by_the_config() {
      var config =
          cluster.awaitConfig("github", now -> now.at("/status/referencingServers").size() == 2);
      assertThat(texts(config.at("/status/referencingServers")))
          .containsExactlyInAnyOrder("issues", "reviews");
      assertThat(texts(config.at("/status/redirectUris")))
          .containsExactly("https://mcp.example.com/oauth/callback");
    }

    @Test
    void know_whose_tokens_they_take() {
      var server = cluster.awaitServer("issues", now -> now.at("/status").has("issuer"));
      assertThat(server.at("/status/issuer").asText()).isEqualTo("https://mcp.example.com");
      assertThat(texts(server.at("/status/audiences")))
          .containsExactly("https://mcp.example.com/issues", "mcp-github-issues-lister");
    }

    @Test
    void are_shut_in_with_their_Keyturn() {
      var name = cluster.keyturn().at("/metadata/name").asText();
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          cluster
                              .all("/apis/networking.k8s.io/v1/namespaces/%s/networkpolicies")
                              .getOrDefault("mcp-issues", NODES.missingNode())
                              .at("/spec/ingress/0/from/0/podSelector/matchLabels")
                              .path("app.kubernetes.io/instance")
                              .asText())
                      .isEqualTo(name));
    }

    @Test
    void get_back_what_somebody_deletes() {
      var path =
          "/apis/networking.k8s.io/v1/namespaces/%s/networkpolicies".formatted(cluster.namespace());
      await().until(() -> cluster.admin().get(path + "/mcp-issues").status() == 200);
      var before = cluster.admin().get(path + "/mcp-issues").body().at("/metadata/uid");
      cluster.admin().delete(path + "/mcp-issues");
      await()
          .until(
              () -> cluster.admin().get(path + "/mcp-issues"),
              said -> said.status() == 200 && !said.body().at("/metadata/uid").equals(before));
    }

    @Test
    void take_a_third_one_without_a_restart() {
      var before = cluster.keyturn().at(PODS);
      cluster.apply(
          """
          apiVersion: keyturn.dev/v1beta1
          kind: MCPServer
          metadata: {name: wiki}
          spec:
            url: http://wiki.tools.svc/mcp
            transport: streamable-http
            resourceUrl: https://mcp.example.com/wiki
            oidcConfig: {type: inline, inline: {scopes: ["wiki:read"]}}
            authServerRef: {kind: MCPExternalAuthConfig, name: github}
          """);
      cluster.awaitServer("wiki", now -> now.at("/status").has("issuer"));
      assertThat(cluster.keyturn().at(PODS)).isEqualTo(before);
    }
  }

  @Nested
  class A_Secret {
    @Test
    void that_is_missing_is_waited_for() {
      cluster.apply(example());
      cluster.awaitConfig(
          "github", config -> condition(config, "Valid").equals("False SecretNotFound"));
      assertThat(cluster.keyturn().isMissingNode()).isTrue();
      secrets();
      cluster.awaitConfig("github", config -> condition(config, "Valid").equals("True Valid"));
      cluster.awaitKeyturn();
    }

    @Test
    void that_is_missing_is_named_in_an_event() {
      cluster.apply(example());
      await().until(() -> events().contains("Warning SecretNotFound"));
    }

    @Test
    void that_changes_is_loaded_by_what_runs_and_no_template_changes() throws IOException {
      secrets();
      cluster.apply(example());
      cluster.awaitKeyturn();
      var before = cluster.keyturn();
      try (var pod = pod("pod-a")) {
        cluster.awaitConfig("github", config -> pods(config).contains("pod-a true"));
        assertThat(pod.url("/")).isNotNull();
        keys(two, one);
        var config =
            cluster.awaitConfig(
                "github", now -> keys(now).contains(two.key().kid() + " published"));
        assertThat(keys(config)).contains(one.key().kid() + " signing");
      }
      assertThat(cluster.keyturn().at("/metadata/generation"))
          .isEqualTo(before.at("/metadata/generation"));
      assertThat(cluster.keyturn().at(PODS)).isEqualTo(before.at(PODS));
    }

    @Test
    void that_is_no_good_is_refused_by_what_runs_and_the_status_says_why() throws IOException {
      secrets();
      cluster.apply(example());
      cluster.awaitKeyturn();
      try (var pod = pod("pod-a")) {
        cluster.awaitConfig("github", config -> pods(config).contains("pod-a true"));
        assertThat(pod.url("/")).isNotNull();
        cluster.secret(
            "as-keys",
            "current.pem",
            "no key",
            "previous.pem",
            two.pem(),
            "hmac-1",
            "h".repeat(44),
            "vault-1",
            "v".repeat(32));
        var config =
            cluster.awaitConfig(
                "github", now -> condition(now, "KeysReady").equals("False Refused"));
        assertThat(message(config, "KeysReady")).contains("signing_key_file");
      }
    }
  }

  @Test
  void a_rollout_in_the_middle_of_a_rotation_keeps_both_keys() throws Exception {
    secrets();
    cluster.apply(example());
    cluster.awaitKeyturn();
    var before = cluster.keyturn().at(PODS);
    try (var pod = pod("pod-a")) {
      assertThat(pod.url("/")).isNotNull();
      keys(two, one);
      cluster.awaitConfig("github", now -> keys(now).contains(two.key().kid() + " published"));
      cluster.stop(operator);
      cluster.operator(
          "second",
          cluster.port(),
          new Settings(GivenCluster.pod("keyturn:2"), "keyturn-system", List.of()));
      await().until(() -> !cluster.keyturn().at(PODS).equals(before));
    }
    try (var next = pod("pod-b")) {
      cluster.awaitConfig("github", config -> pods(config).equals(List.of("pod-b true")));
      var jwks =
          http.send(
                  HttpRequest.newBuilder(next.url("/.well-known/jwks.json")).build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(jwks).contains(one.key().kid(), two.key().kid());
    }
  }

  @Nested
  class A_deletion_in_the_wrong_order {
    @BeforeEach
    void delete() {
      secrets();
      cluster.apply(example());
      cluster.awaitConfig("github", config -> config.at("/metadata/finalizers").size() == 1);
      cluster.awaitKeyturn();
      cluster.admin().delete(CONFIGS.formatted(cluster.namespace()) + "/github");
    }

    @Test
    void is_held_up_and_told_why() {
      var config =
          cluster.awaitConfig(
              "github", now -> condition(now, "DeletionBlocked").equals("True InUse"));
      assertThat(message(config, "DeletionBlocked")).contains("issues", "reviews");
      await().until(() -> events().contains("Warning InUse"));
    }

    @Test
    void goes_on_when_the_servers_are_gone() {
      cluster.awaitConfig("github", now -> condition(now, "DeletionBlocked").equals("True InUse"));
      for (var server : List.of("issues", "reviews")) {
        cluster.admin().delete(SERVERS.formatted(cluster.namespace()) + "/" + server);
      }
      await()
          .until(
              () ->
                  cluster.admin().get(CONFIGS.formatted(cluster.namespace()) + "/github").status()
                      == 404);
    }
  }

  @Test
  void another_operator_touches_no_pod() {
    secrets();
    cluster.apply(example());
    await().until(() -> cluster.all(DEPLOYMENTS).size() == 3);
    cluster.awaitServer("reviews", now -> now.at("/status").has("issuer"));
    var before = cluster.all(DEPLOYMENTS);
    cluster.stop(operator);
    cluster.operator("second");
    cluster.apply(
        """
        apiVersion: keyturn.dev/v1beta1
        kind: MCPExternalAuthConfig
        metadata: {name: later}
        spec: {type: unauthenticated}
        """);
    cluster.awaitConfig("later", now -> condition(now, "Valid").equals("True Valid"));
    var after = cluster.all(DEPLOYMENTS);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    after.forEach(
        (name, deployment) -> {
          assertThat(deployment.at(PODS)).hasToString(before.get(name).at(PODS).toString());
          assertThat(deployment.at("/metadata/generation"))
              .isEqualTo(before.get(name).at("/metadata/generation"));
        });
  }

  @Test
  void an_API_server_that_was_away_and_has_forgotten_is_caught_up_with(ApiServer server) {
    cluster.stop(operator);
    var proxy = CutProxy.before(cluster.vertx(), server.port());
    cluster.operator("far", proxy.port());
    secrets();
    cluster.apply(example());
    cluster.awaitKeyturn();
    proxy.hang(true);
    proxy.cut();
    cluster.apply(example().replace("ghcr.io/example/issues:1", "ghcr.io/example/issues:2"));
    server.compact();
    proxy.hang(false);
    proxy.cut();
    await()
        .until(
            () ->
                cluster
                    .all(DEPLOYMENTS)
                    .getOrDefault("mcp-issues", NODES.missingNode())
                    .at("/spec/template/spec/containers/0/image")
                    .asText()
                    .equals("ghcr.io/example/issues:2"));
  }

  @Test
  void two_configs_of_one_issuer_are_one_too_many() {
    secrets();
    cluster.apply(example());
    cluster.awaitConfig("github", config -> condition(config, "Valid").equals("True Valid"));
    await().pollDelay(java.time.Duration.ofMillis(1100)).until(() -> true);
    cluster.apply(
        example().split("(?m)^---$", -1)[0].replace("  name: github\n", "  name: newer\n"));
    cluster.awaitConfig(
        "newer", config -> condition(config, "Valid").equals("False IssuerConflict"));
  }

  @Test
  void a_store_that_is_shared_no_more_leaves_one_pod_at_a_time() {
    secrets();
    cluster.secret("redis", "password", "not ours to know");
    cluster.apply(
        example()
            .replace(
                "    upstreamProviders:\n",
                "    storage: {type: redis, redis: {addr: \"redis:6379\", aclUserConfig:"
                    + " {passwordSecretRef: {name: redis, key: password}}}}\n"
                    + "    upstreamProviders:\n"));
    await()
        .until(() -> cluster.keyturn().at("/spec/strategy/type").asText().equals("RollingUpdate"));
    cluster.apply(example());
    await().until(() -> cluster.keyturn().at("/spec/strategy/type").asText().equals("Recreate"));
  }

  /** Lets servers have a field that this operator does not know, or takes it away again. */
  private static void later(ApiServer server, String change) {
    var ran =
        server.kubectl(
            "patch",
            "crd",
            "mcpservers.keyturn.dev",
            "--type=json",
            "-p",
            "[{%s\"path\": \"%s/later\"}]".formatted(change, SPEC));
    assertThat(ran.code()).as(ran.output()).isZero();
  }

  @Test
  void a_server_of_a_later_version_keeps_what_it_has(ApiServer server) {
    secrets();
    cluster.apply(example());
    cluster.awaitServer("issues", now -> now.at("/status").has("issuer"));
    cluster.awaitServer("reviews", now -> now.at("/status").has("issuer"));
    var deployments = cluster.all(DEPLOYMENTS).keySet();
    var configuration = configuration();
    later(server, "\"op\": \"add\", \"value\": {\"type\": \"string\"}, ");
    try {
      var change = NODES.objectNode();
      change.putObject("spec").put("later", "than ours");
      var issues = SERVERS.formatted(cluster.namespace()) + "/issues";
      await().until(() -> cluster.admin().merge(issues, change).body().at("/spec").has("later"));
      cluster.stop(operator);
      cluster.operator("second");
      cluster.awaitServer("issues", now -> condition(now, "Valid").equals("False NotUnderstood"));
      cluster.awaitConfig("github", now -> condition(now, "Valid").equals("False NotUnderstood"));
      assertThat(cluster.all(DEPLOYMENTS).keySet()).isEqualTo(deployments);
      assertThat(configuration()).isEqualTo(configuration);
    } finally {
      later(server, "\"op\": \"remove\", ");
    }
  }

  private JsonNode configuration() {
    return cluster
        .all("/api/v1/namespaces/%s/configmaps")
        .get(cluster.keyturn().at("/metadata/name").asText())
        .path("data");
  }

  @Test
  void a_Service_of_somebody_else_is_not_taken_over() {
    secrets();
    var services = "/api/v1/namespaces/" + cluster.namespace() + "/services";
    var theirs = GivenCluster.named("v1", "Service", "mcp-issues");
    theirs.putObject("spec").putArray("ports").addObject().put("port", 80);
    GivenCluster.accepted(cluster.admin().post(services, theirs));
    cluster.apply(example());
    var server =
        cluster.awaitServer("issues", now -> condition(now, "Ready").equals("False ApplyRefused"));
    assertThat(message(server, "Ready")).startsWith("Service mcp-issues is there already");
    var kept = cluster.admin().get(services + "/mcp-issues").body();
    assertThat(kept.at("/metadata").has("ownerReferences")).isFalse();
    assertThat(kept.at("/spec").has("selector")).isFalse();
  }

  @Test
  void a_route_is_made_and_taken_back() {
    secrets();
    cluster.apply(example());
    var ingresses = "/apis/networking.k8s.io/v1/namespaces/%s/ingresses";
    route("issues", NODES.objectNode().put("type", "ingress"));
    var made = await().until(() -> cluster.all(ingresses), all -> all.containsKey("mcp-issues"));
    var paths = made.get("mcp-issues").at("/spec/rules/0/http/paths");
    assertThat(texts(paths, "pathType", "path"))
        .contains(
            "Prefix /issues",
            "Prefix /oauth",
            "Exact /.well-known/oauth-protected-resource/issues");
    route("issues", NODES.objectNode().nullNode());
    await().until(() -> cluster.all(ingresses).isEmpty());
  }

  @Test
  void the_login_is_routed_by_the_next_server_when_the_first_is_routed_no_more() {
    secrets();
    cluster.apply(example());
    var ingresses = "/apis/networking.k8s.io/v1/namespaces/%s/ingresses";
    route("issues", NODES.objectNode().put("type", "ingress"));
    route("reviews", NODES.objectNode().put("type", "ingress"));
    await()
        .until(
            () ->
                cluster.all(ingresses).keySet().containsAll(List.of("mcp-issues", "mcp-reviews")));
    assertThat(cluster.all(ingresses).values())
        .filteredOn(one -> one.toString().contains("\"/oauth\""))
        .hasSize(1);
    var first =
        cluster.all(ingresses).get("mcp-issues").toString().contains("\"/oauth\"")
            ? List.of("issues", "mcp-reviews")
            : List.of("reviews", "mcp-issues");
    route(first.get(0), NODES.objectNode().nullNode());
    await()
        .until(
            () ->
                cluster
                    .all(ingresses)
                    .getOrDefault(first.get(1), NODES.missingNode())
                    .toString()
                    .contains("\"/oauth\""));
  }

  private void route(String server, JsonNode route) {
    ObjectNode change = NODES.objectNode();
    change.putObject("spec").set("route", route);
    GivenCluster.accepted(
        cluster.admin().merge(SERVERS.formatted(cluster.namespace()) + "/" + server, change));
  }
}
