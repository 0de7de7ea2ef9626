package dev.keyturn.operator.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import dev.keyturn.given.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart, linted and rendered by Helm's own code, against the manifests of the operator.
 *
 * <p>Helm comes as a native library. Where that cannot be loaded these tests are skipped, but not
 * on CI.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HelmChartTest {
  private static final String CONTAINER = "/spec/template/spec/containers/0";
  private static final Path CHART = Path.of("deploy/helm/keyturn-operator").toAbsolutePath();

  @BeforeAll
  static void load() {
    try {
      assertThat(Helm.version().call()).isNotEmpty();
    } catch (LinkageError | RuntimeException e) {
      if (System.getenv("CI") != null) {
        throw e;
      }
      Assumptions.abort("skipped: Helm's native library cannot be loaded here: " + e.getMessage());
    }
  }

  private static TemplateCommand template() {
    return new Helm(CHART)
        .template()
        .withName("keyturn-operator")
        .withNamespace("keyturn-system")
        .withKubeVersion("1.32.0");
  }

  private static Map<String, JsonNode> byName(List<JsonNode> objects) {
    var all = new TreeMap<String, JsonNode>();
    objects.forEach(
        object ->
            all.put(
                object.path("kind").asText()
                    + " "
                    + object.at("/metadata/namespace").asText()
                    + " "
                    + object.at("/metadata/name").asText(),
                object));
    return all;
  }

  private static Map<String, JsonNode> rendered(TemplateCommand command) {
    return rendered(Manifests.parse(command.call()));
  }

  private static Map<String, JsonNode> rendered(List<JsonNode> objects) {
    return byName(objects.stream().filter(one -> one instanceof ObjectNode).toList());
  }

  @Test
  void it_passes_the_strict_lint() {
    var result = new Helm(CHART).lint().strict().call();
    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
  }

  @Test
  void by_default_it_makes_what_the_manifests_say() {
    var manifests = byName(Manifests.objects(Path.of("deploy/operator")));
    manifests.remove("Namespace  keyturn-system");
    assertThat(rendered(template())).isEqualTo(manifests);
  }

  @Test
  void for_some_namespaces_it_binds_the_rights_there_and_nowhere_else() {
    var made = rendered(template().set("namespaces[0]", "tools"));
    assertThat(made)
        .containsKeys(
            "RoleBinding tools keyturn-operator-reads",
            "RoleBinding tools keyturn-operator-reconciles")
        .doesNotContainKeys(
            "ClusterRoleBinding  keyturn-operator-reads",
            "ClusterRoleBinding  keyturn-operator-reconciles");
    assertThat(made.get("Deployment keyturn-system keyturn-operator").toString())
        .contains("--namespace=tools");
  }

  @Test
  void another_namespace_is_said_to_the_operator_and_left_out_by_the_webhook() {
    var made = rendered(template().withNamespace("elsewhere"));
    assertThat(made.get("Deployment elsewhere keyturn-operator").toString())
        .contains("--operator-namespace=elsewhere");
    assertThat(made.get("ValidatingWebhookConfiguration  keyturn").toString())
        .contains("\"elsewhere\"")
        .doesNotContain("keyturn-system");
  }

  /** Go's YAML takes each of them for a number, a boolean or nothing where it stands alone. */
  @ParameterizedTest
  @ValueSource(strings = {"1e3", "0x10", "123", "0777", "on", "yes", "no", "off", "y", "null"})
  void a_text_stays_a_text_whatever_it_looks_like(String text, @TempDir Path folder)
      throws IOException {
    var values =
        """
        image: "%1$s"
        serverImage: "%1$s"
        namespaces: ["%1$s"]
        apiServerCidrs: ["::1/128", "10.0.0.0/8"]
        monitoringNamespace: "%1$s"
        webhook: {caBundle: "%1$s", tlsSecret: "%1$s"}
        resources: {limits: {memory: "%1$s", cpu: "%1$s"}}
        """
            .formatted(text);
    var rendered =
        template()
            .withNamespace(text)
            .withValuesFile(Files.writeString(folder.resolve("values.yaml"), values))
            .call();
    assertThat(rendered.lines())
        .noneMatch(line -> line.matches(".*[-:,\\[] *" + text + " *[,\\]]?"))
        .anyMatch(line -> line.contains("namespace: \"" + text + "\""))
        .contains("            cidr: \"::1/128\"");
    var container =
        rendered(Manifests.parse(rendered))
            .get("Deployment " + text + " keyturn-operator")
            .at(CONTAINER);
    assertThat(container.path("image").textValue()).isEqualTo(text);
    assertThat(container.at("/resources/limits/memory").textValue()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "replicas, 0",
    "image, ''",
    "webhook.failurePolicy, Sometimes",
    "apiServerCidrs[0], everywhere",
    "namespaces[0], Not-a-name",
    "webhook.tlsSecret, Not_a_name",
    "misspelled, 1"
  })
  void a_wrong_value_is_refused_by_its_schema(String name, String value) {
    assertThatThrownBy(() -> template().set(name, value).call())
        .hasMessageContaining("values don't meet the specifications of the schema");
  }
}
