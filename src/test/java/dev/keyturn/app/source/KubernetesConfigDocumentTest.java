package dev.keyturn.app.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.given.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documentation tells a cluster, and what we ask of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KubernetesConfigDocumentTest {
  private static final String PAGE = text(Path.of("docs/kubernetes-config.md"));

  private final ConfigMapKey key =
      ConfigMapKey.parse(
          object("Deployment").at("/spec/template/spec/containers/0/args/2").asText());

  @Test
  void the_argument_is_one_that_we_take() {
    assertThat(key).hasToString("kubernetes:configmap/mcp/keyturn/config.yaml");
  }

  @Test
  void the_role_lets_us_get_that_one_config_map_and_nothing_else() {
    assertThat(object("Role").path("rules"))
        .hasToString(
            "[{\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],"
                + "\"resourceNames\":[\"%s\"],\"verbs\":[\"get\"]}]".formatted(key.name()));
  }

  @Test
  void there_is_no_right_beyond_the_role() {
    assertThat(PAGE).doesNotContain("ClusterRole");
  }

  @ParameterizedTest
  @CsvSource({
    "/roleRef/name, Role, /metadata/name",
    "/subjects/0/name, ServiceAccount, /metadata/name",
    "/subjects/0/namespace, ServiceAccount, /metadata/namespace"
  })
  void the_right_is_that_of_our_account(String place, String kind, String target) {
    assertThat(object("RoleBinding").at(place)).isEqualTo(object(kind).at(target));
  }

  @Test
  void the_pod_has_that_account() {
    assertThat(object("Deployment").at("/spec/template/spec/serviceAccountName"))
        .isEqualTo(object("ServiceAccount").at("/metadata/name"));
  }

  @ParameterizedTest
  @CsvSource({"ServiceAccount", "Role", "RoleBinding", "Deployment"})
  void it_is_all_in_the_namespace_of_the_config_map(String kind) {
    assertThat(object(kind).at("/metadata/namespace").asText()).isEqualTo(key.namespace());
  }

  private static JsonNode object(String kind) {
    var yaml = PAGE.substring(PAGE.indexOf("```yaml") + "```yaml".length());
    return Manifests.parse(yaml.substring(0, yaml.indexOf("```"))).stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + kind));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
