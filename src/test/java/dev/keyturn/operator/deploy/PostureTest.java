package dev.keyturn.operator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Patience;
import dev.keyturn.given.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bench/posture} on the production overlay as kustomize makes it, and on planted faults. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@DisabledOnOs(OS.WINDOWS)
class PostureTest {
  /**
   * What {@code kubectl kustomize deploy/kustomize/production} prints, as ManifestsDryRunIT sees.
   */
  static final Path PRODUCTION =
      Path.of("src/test/resources/dev/keyturn/operator/kustomize-production.yaml");

  private static final String POD = "/spec/template/spec";
  private static final String CONTAINER = POD + "/containers/0";

  @TempDir private Path folder;

  private List<String> posture(List<JsonNode> objects) throws IOException {
    var yaml = new YAMLMapper();
    var text = new StringBuilder();
    for (var object : objects) {
      text.append(yaml.writeValueAsString(object));
    }
    var file = Files.writeString(folder.resolve("all.yaml"), text);
    var running =
        Running.start(
            Path.of("").toAbsolutePath(), List.of("python3", "bench/posture", file.toString()));
    var code = running.exit(Patience.SECONDS);
    assertThat(code).as(running.lines().toString()).isEqualTo(running.lines().isEmpty() ? 0 : 1);
    return running.lines();
  }

  private static List<JsonNode> production() throws IOException {
    return Manifests.parse(Files.readString(PRODUCTION));
  }

  private static ObjectNode deployment(List<JsonNode> objects) {
    return (ObjectNode)
        objects.stream()
            .filter(object -> object.path("kind").asText().equals("Deployment"))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void nothing_is_wrong_with_the_production_overlay() throws IOException {
    assertThat(posture(production())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/securityContext, runAsNonRoot, false, may run as root",
    "/securityContext, runAsUser, 0, may run as root",
    "/securityContext/seccompProfile, type, '\"Unconfined\"', has no seccomp profile",
    "/containers/0/securityContext, seccompProfile, '{type: Unconfined}', has no seccomp profile",
    "/containers/0/securityContext, runAsUser, 0, may run as root",
    "/containers/0/securityContext, runAsNonRoot, false, may run as root",
    "/containers/0, envFrom, '[{secretRef: {name: s}}]', has the secret s in variables",
    "/containers/0/volumeMounts/0, subPathExpr, '\"$(POD)\"', never changes",
    "'', initContainers, '[{name: i, image: \"x@sha256:0\"}]', container i may gain privileges",
    "/volumes/0, projected, '{sources: [{serviceAccountToken: {path: t}}]}', mounts a token of its",
    "/volumes/0, hostPath, '{path: /}', mounts / of its node",
    "/containers/0/securityContext, readOnlyRootFilesystem, false, may write to its root",
    "/containers/0/securityContext, allowPrivilegeEscalation, true, may gain privileges",
    "/containers/0/securityContext, privileged, true, may gain privileges",
    "/containers/0/securityContext/capabilities, drop, [], keeps capabilities",
    "/containers/0/securityContext/capabilities, add, '[\"NET_ADMIN\"]', keeps capabilities",
    "/containers/0/resources, limits, {}, has no limit of memory",
    "/containers/0, image, '\"keyturn:latest\"', is of latest",
    "/containers/0, image, '\"keyturn:1\"', by no digest",
    "'', hostNetwork, true, shares hostNetwork"
  })
  void a_planted_fault_is_found(String part, String field, String value, String finding)
      throws IOException {
    var objects = production();
    ((ObjectNode) deployment(objects).at(POD + part)).set(field, new YAMLMapper().readTree(value));
    assertThat(posture(objects)).anyMatch(line -> line.contains(finding));
  }

  @Test
  void a_token_that_is_mounted_without_need_is_found() throws IOException {
    var objects = production();
    deployment(objects).withObject("/metadata").put("name", "another");
    assertThat(posture(objects)).containsExactly("another: mounts a token of the API server");
  }

  @Test
  void pods_without_a_policy_are_found() throws IOException {
    var objects =
        production().stream()
            .filter(object -> !object.path("kind").asText().equals("NetworkPolicy"))
            .toList();
    assertThat(posture(objects))
        .containsExactly("keyturn-operator: no NetworkPolicy selects its pods");
  }

  @Test
  void a_policy_of_another_namespace_is_none() throws IOException {
    var objects = production();
    for (var object : objects) {
      if (object.path("kind").asText().equals("NetworkPolicy")) {
        ((ObjectNode) object).withObject("/metadata").put("namespace", "elsewhere");
      }
    }
    assertThat(posture(objects))
        .containsExactly("keyturn-operator: no NetworkPolicy selects its pods");
  }

  @Test
  void a_policy_that_selects_by_expressions_is_not_relied_on() throws IOException {
    var objects = production();
    for (var object : objects) {
      if (object.path("kind").asText().equals("NetworkPolicy")) {
        var selector = ((ObjectNode) object).withObject("/spec/podSelector");
        selector.removeAll().putArray("matchExpressions").addObject().put("key", "a");
      }
    }
    assertThat(posture(objects))
        .containsExactly("keyturn-operator: no NetworkPolicy selects its pods");
  }

  @ParameterizedTest
  @ValueSource(strings = {"StatefulSet", "Job", "Pod", "CronJob"})
  void what_makes_pods_in_another_way_is_judged_too(String kind) throws IOException {
    var objects = production();
    var deployment = deployment(objects);
    var template = (ObjectNode) deployment.at("/spec/template");
    ((ObjectNode) template.at("/spec/containers/0/securityContext")).put("privileged", true);
    deployment.put("kind", kind);
    if (kind.equals("Pod")) {
      deployment.set("spec", template.path("spec"));
      deployment.withObject("/metadata").set("labels", template.at("/metadata/labels"));
    } else if (kind.equals("CronJob")) {
      deployment.withObject("/spec/jobTemplate/spec").set("template", template);
    }
    assertThat(posture(objects)).anyMatch(line -> line.contains("may gain privileges"));
  }

  @Test
  void what_is_in_a_list_is_judged_too() throws IOException {
    var list = new YAMLMapper().createObjectNode().put("apiVersion", "v1").put("kind", "List");
    var items = list.putArray("items");
    production().forEach(items::add);
    assertThat(posture(List.of(list))).isEmpty();
    var deployment = deployment(items.valueStream().toList());
    ((ObjectNode) deployment.at(POD)).put("hostPID", true);
    assertThat(posture(List.of(list)))
        .containsExactly("keyturn-operator: shares hostPID with its node");
  }

  @Test
  void a_secret_that_never_changes_is_found() throws IOException {
    var objects = production();
    var container = (ObjectNode) deployment(objects).at(CONTAINER);
    container
        .putArray("env")
        .addObject()
        .put("name", "KEY")
        .putObject("valueFrom")
        .putObject("secretKeyRef")
        .put("name", "s")
        .put("key", "k");
    ((ObjectNode) container.at("/volumeMounts/0")).put("subPath", "tls.crt");
    assertThat(posture(objects)).hasSize(2).allMatch(line -> line.contains("never changes"));
  }
}
