package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static dev.keyturn.operator.reconcile.GivenCluster.CONFIGS;
import static dev.keyturn.operator.reconcile.GivenCluster.DEPLOYMENTS;
import static dev.keyturn.operator.reconcile.GivenCluster.NODES;
import static dev.keyturn.operator.reconcile.GivenCluster.SERVERS;
import static dev.keyturn.operator.reconcile.GivenCluster.condition;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.given.ApiServer;
import dev.keyturn.given.GivenApiServer;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Patience;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.cluster.Cluster;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.cluster.Requester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The rights that {@code rbac.yaml} grants, against those that an audit log has seen in use. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(GivenApiServer.class)
class OperatorRightsIT {
  private static final String US = "system:serviceaccount:keyturn-system:keyturn-operator";
  private static final Path RESOURCES =
      Path.of("src/test/resources/dev/keyturn/operator/rights.yaml");
  private static final Path ROUTES =
      Path.of("src/test/resources/dev/keyturn/operator/httproutes.yaml");

  @TempDir private Path folder;
  private GivenCluster cluster;

  @BeforeEach
  void start(ApiServer server) {
    var routes = server.kubectl("apply", "-f", ROUTES.toAbsolutePath().toString());
    assertThat(routes.code()).as(routes.output()).isZero();
    await()
        .until(
            () ->
                server
                        .admin()
                        .get("/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes")
                        .status()
                    == 200);
    cluster = new GivenCluster(server, folder);
    var key = NewKey.make(SigningAlgorithm.ES256, new SecureRandom()).pem();
    cluster.secret("keys", "key", key, "hmac", "h".repeat(44), "vault", "v".repeat(32));
    cluster.secret("redis", "password", "not ours to know");
    GivenCluster.accepted(
        cluster
            .admin()
            .post(
                "/api/v1/namespaces/" + cluster.namespace() + "/configmaps",
                GivenCluster.named("v1", "ConfigMap", "terms")
                    .set("data", NODES.objectNode().put("terms", "scopes: [\"a:b\"]"))));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static Set<String> granted() {
    var granted = new TreeSet<String>();
    Manifests.objects(Path.of("deploy/operator")).stream()
        .filter(object -> object.path("kind").asText().endsWith("Role"))
        .flatMap(role -> role.path("rules").valueStream())
        .forEach(
            rule ->
                rule.path("apiGroups")
                    .forEach(
                        group ->
                            rule.path("resources")
                                .forEach(
                                    resource ->
                                        rule.path("verbs")
                                            .forEach(
                                                verb ->
                                                    granted.add(
                                                        verb.asText()
                                                            + " "
                                                            + group.asText()
                                                            + "/"
                                                            + resource.asText())))));
    return granted;
  }

  /** What our account did by a right of ours; a patch that made something is a create, too. */
  private static Set<String> used(List<JsonNode> audit) {
    var used = new TreeSet<String>();
    for (var call : audit) {
      var reason = call.at("/annotations/authorization.k8s.io~1reason").asText();
      if (call.at("/user/username").asText().equals(US) && reason.contains("keyturn-operator")) {
        var object = call.path("objectRef");
        var resource =
            object.path("resource").asText()
                + (object.has("subresource") ? "/" + object.path("subresource").asText() : "");
        var where = object.path("apiGroup").asText() + "/" + resource;
        used.add(call.path("verb").asText() + " " + where);
        if (call.path("verb").asText().equals("patch")
            && call.at("/responseStatus/code").asInt() == 201) {
          used.add("create " + where);
        }
      }
    }
    return used;
  }

  private void webhook(ApiServer server) {
    var api =
        new dev.keyturn.operator.cluster.ApiServer(
            cluster.vertx(), new Pod("127.0.0.1", server.port(), cluster.account()));
    done(
        api.work(
            Patience.LONG,
            calls -> {
              var asked = new Cluster(calls, new Resources());
              return asked
                  .mayGetSecret(
                      new Requester("alice", "", List.of(), Map.of()), cluster.namespace(), "keys")
                  .compose(any -> asked.secret(cluster.namespace(), "keys"))
                  .compose(any -> asked.configMap(cluster.namespace(), "terms"))
                  .compose(any -> asked.configs(cluster.namespace()))
                  .compose(any -> asked.servers(cluster.namespace()));
            }));
  }

  private void remove(String path, String name) {
    cluster.admin().delete(path.formatted(cluster.namespace()) + "/" + name);
  }

  @Test
  void each_right_is_used_and_no_other_is_asked_for(ApiServer server) throws IOException {
    webhook(server);
    var operator = cluster.operator("rights");
    cluster.apply(Files.readString(RESOURCES));
    await().until(() -> cluster.all(DEPLOYMENTS).size() == 3);
    var routes = "/apis/gateway.networking.k8s.io/v1/namespaces/%s/httproutes";
    var ingresses = "/apis/networking.k8s.io/v1/namespaces/%s/ingresses";
    await().until(() -> cluster.all(routes).size() == 1 && cluster.all(ingresses).size() == 1);
    for (var name : List.of("by-gateway", "by-ingress")) {
      var change = NODES.objectNode();
      change.putObject("spec").put("replicas", 1).putNull("route");
      cluster.admin().merge(SERVERS.formatted(cluster.namespace()) + "/" + name, change);
    }
    await().until(() -> cluster.all(routes).isEmpty() && cluster.all(ingresses).isEmpty());
    remove(CONFIGS, "shared");
    cluster.awaitConfig("shared", now -> condition(now, "DeletionBlocked").equals("True InUse"));
    List.of("by-gateway", "by-ingress", "in-a-file").forEach(name -> remove(SERVERS, name));
    await()
        .until(
            () ->
                cluster.admin().get(CONFIGS.formatted(cluster.namespace()) + "/shared").status()
                    == 404);
    await()
        .until(
            () ->
                cluster.all(DEPLOYMENTS).keySet().stream()
                    .noneMatch(name -> name.contains("file")));
    cluster.stop(operator);
    assertThat(used(server.audit())).isEqualTo(granted());
  }
}
