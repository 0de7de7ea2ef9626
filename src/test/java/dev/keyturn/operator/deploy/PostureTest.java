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
