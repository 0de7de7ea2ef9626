package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Mount;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifests for Kubernetes: what they must say, and that the server can use what they give. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ManifestsTest {
  private final JsonNode pod = Manifests.pod();
  private final JsonNode container = Manifests.container();

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private JsonNode volume(String name) {
    return list(pod.path("volumes")).stream()
        .filter(volume -> volume.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Stream<JsonNode> secrets() {
    return list(pod.path("volumes")).stream().filter(volume -> volume.has("secret"));
  }

  @Test
  void there_is_one_object_of_each() {
    assertThat(Manifests.objects())
        .extracting(
            object -> object.path("kind").asText() + " " + object.at("/metadata/name").asText())
        .containsExactlyInAnyOrder(
            "ConfigMap keyturn",
            "ServiceAccount keyturn",
            "Deployment keyturn",
            "NetworkPolicy keyturn",
            "NetworkPolicy mcp-server",
            "Service keyturn");
  }

  @Test
  void none_holds_a_secret() {
    assertThat(Manifests.objects())
        .noneMatch(object -> object.path("kind").asText().equals("Secret"));
  }

  @Test
  void none_fixes_a_namespace() {
    assertThat(Manifests.objects()).noneMatch(object -> object.at("/metadata").has("namespace"));
  }

  @Nested
  class The_pod {
    @ParameterizedTest
    @CsvSource({
      "/automountServiceAccountToken, false",
      "/enableServiceLinks, false",
      "/serviceAccountName, keyturn",
      "/securityContext/runAsNonRoot, true",
      "/securityContext/runAsUser, 65532",
      "/securityContext/runAsGroup, 65532",
      "/securityContext/fsGroup, 65532",
      "/securityContext/seccompProfile/type, RuntimeDefault"
    })
    void is_confined(String property, String value) {
      assertThat(pod.at(property).asText()).isEqualTo(value);
    }

    @Test
    void has_an_account_without_a_token_too() {
      var account = Manifests.object("ServiceAccount", "keyturn");
      assertThat(account.path("automountServiceAccountToken").asText()).isEqualTo("false");
    }

    @Test
    void shares_nothing_with_its_node() {
      assertThat(pod.properties())
          .extracting(Map.Entry::getKey)
          .doesNotContain("hostNetwork", "hostPID", "hostIPC", "initContainers");
      assertThat(list(pod.path("volumes"))).noneMatch(volume -> volume.has("hostPath"));
    }

    @Test
    void is_the_only_one_because_the_store_is_in_memory() {
      var spec = Manifests.object("Deployment", "keyturn").path("spec");
      assertThat(spec.path("replicas").asInt()).isEqualTo(1);
      assertThat(spec.at("/strategy/type").asText()).isEqualTo("Recreate");
      assertThat(Manifests.configuration(Path.of(""))).contains("storage:\n  type: memory");
    }

    @Test
    void is_what_the_selectors_select() {
      var deployment = Manifests.object("Deployment", "keyturn");
      var labels = deployment.at("/spec/template/metadata/labels");
      assertThat(labels).isEqualTo(deployment.at("/spec/selector/matchLabels"));
      assertThat(labels).isEqualTo(Manifests.object("Service", "keyturn").at("/spec/selector"));
      assertThat(labels)
          .isEqualTo(
              Manifests.object("NetworkPolicy", "keyturn").at("/spec/podSelector/matchLabels"));
    }
  }

  @Nested
  class The_container {
    @ParameterizedTest
    @CsvSource({
      "/securityContext/allowPrivilegeEscalation, false",
      "/securityContext/readOnlyRootFilesystem, true",
      "/securityContext/capabilities/drop/0, ALL",
      "/resources/requests/cpu, 100m",
      "/resources/requests/memory, 192Mi",
      "/resources/limits/memory, 512Mi"
    })
    void is_confined(String property, String value) {
      assertThat(container.at(property).asText()).isEqualTo(value);
    }

    @Test
    void is_alone_and_adds_no_capability() {
      assertThat(list(pod.path("containers"))).hasSize(1);
      assertThat(container.at("/securityContext/capabilities").has("add")).isFalse();
    }

    @Test
    void has_no_environment() {
      assertThat(container.has("env") || container.has("envFrom")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"startupProbe, /startupz", "livenessProbe, /livez", "readinessProbe, /readyz"})
    void is_probed_on_the_management_port(String probe, String path) {
      var get = container.path(probe).path("httpGet");
      assertThat(get.path("path").asText()).isEqualTo(path);
      assertThat(get.path("port").asText()).isEqualTo("management");
    }

    @Test
    void serves_the_mounted_configuration() {
      assertThat(list(container.path("args")))
          .extracting(JsonNode::asText)
          .containsExactly("serve", "--config", "/etc/keyturn/config/keyturn.yaml");
    }
  }

  @Nested
  class A_volume {
    @Test
    void is_mounted_as_a_whole_directory() {
      assertThat(list(container.path("volumeMounts")))
          .allSatisfy(
              mount -> {
                assertThat(mount.has("subPath") || mount.has("subPathExpr")).isFalse();
                assertThat(mount.path("mountPath").asText()).doesNotContain("..data");
              });
    }

    @Test
    void of_a_secret_has_its_name_and_all_its_keys() {
      assertThat(secrets())
          .hasSize(2)
          .allSatisfy(
              volume -> {
                var secret = volume.path("secret");
                assertThat(secret.has("items") || secret.has("optional")).isFalse();
                assertThat(secret.path("secretName")).isEqualTo(volume.path("name"));
              });
    }

    @Test
    void of_a_secret_is_for_the_group_only() {
      assertThat(secrets()).allMatch(volume -> volume.at("/secret/defaultMode").asInt() == 0440);
    }

    @Test
    void of_a_secret_is_where_the_configuration_looks_for_it() {
      assertThat(list(container.path("volumeMounts")))
          .filteredOn(mount -> volume(mount.path("name").asText()).has("secret"))
          .allMatch(
              mount ->
                  mount
                      .path("mountPath")
                      .asText()
                      .equals("/etc/keyturn/secrets/" + mount.path("name").asText()));
    }

    @Test
    void of_the_configuration_is_a_directory_too() {
      var map = volume("config").path("configMap");
      assertThat(map.path("name").asText()).isEqualTo("keyturn");
      assertThat(map.has("items")).isFalse();
    }

    @Test
    void is_read_only_but_for_the_one_in_memory() {
      assertThat(list(container.path("volumeMounts")))
          .filteredOn(mount -> !mount.path("readOnly").asBoolean())
          .extracting(mount -> mount.path("mountPath").asText())
          .containsExactly("/tmp");
      assertThat(volume("tmp").at("/emptyDir/medium").asText()).isEqualTo("Memory");
      assertThat(volume("tmp").at("/emptyDir").has("sizeLimit")).isTrue();
    }
  }

  @Nested
  class The_network {
    private final JsonNode ingress =
        Manifests.object("NetworkPolicy", "keyturn").at("/spec/ingress");

    @Test
    void leads_to_the_public_port_by_the_service_only() {
      var ports = Manifests.object("Service", "keyturn").at("/spec/ports");
      assertThat(list(ports))
          .extracting(port -> port.path("targetPort").asText())
          .containsExactly("http");
    }

    @Test
    void opens_each_port_to_somebody_named() {
      assertThat(list(ingress))
          .allMatch(rule -> !rule.path("from").isEmpty() && rule.path("ports").size() == 1);
    }

    @Test
    void lets_keyturn_alone_to_the_mcp_server() {
      var from = Manifests.object("NetworkPolicy", "mcp-server").at("/spec/ingress/0/from");
      assertThat(from).hasSize(1);
      assertThat(from.at("/0/podSelector/matchLabels/app.kubernetes.io~1name").asText())
          .isEqualTo("keyturn");
    }

    @Test
    void has_the_ports_of_the_configuration() {
      var config = Manifests.configuration(Path.of(""));
      assertThat(list(container.path("ports")))
          .extracting(port -> port.path("containerPort").asInt())
          .containsExactly(8080, 9090);
      assertThat(config).contains("  port: 8080\n", "  management_port: 9090\n");
    }
  }

  @Nested
  class The_configuration {
    @TempDir private Path root;
    private final SecureRandom random = new SecureRandom();
    private final RunConfigReader reader = new RunConfigReader(Map.of(), random);

    private Optional<RunConfig> read() {
      return reader.read(Manifests.configuration(root), Path.of(""));
    }

    private NewKey mount() {
      var key = NewKey.make(SigningAlgorithm.ES256, random);
      var mounts = Manifests.mounts(root);
      mounts
          .get("keyturn-keys")
          .swap(
              key.fileName(Instant.EPOCH),
              key.pem(),
              "hmac-1",
              "h".repeat(44),
              "vault-1",
              "v".repeat(32));
      mounts.get("keyturn-upstream").swap("client-secret", "not ours to know\n");
      mounts.get("config").swap("keyturn.yaml", Manifests.configuration(root));
      return key;
    }

    @Test
    void is_accepted_with_the_secrets_as_the_kubelet_mounts_them() {
      mount();
      assertThat(read()).as(reader.findings().errors().toString()).isPresent();
      assertThat(reader.findings().warnings()).isEmpty();
    }

    @Test
    void finds_the_signing_key_by_its_directory() {
      var key = mount();
      assertThat(read().orElseThrow().secrets().signing())
          .singleElement()
          .satisfies(signer -> assertThat(signer.kid()).isEqualTo(key.key().kid()));
    }

    @Test
    void is_refused_with_its_files_named_before_the_secrets_are_there() {
      assertThat(read()).isEmpty();
      assertThat(reader.findings().errors().toString())
          .contains("keyturn-keys", "hmac-1", "vault-1", "client-secret");
    }

    @Test
    void is_mounted_where_the_server_is_told_to_look() {
      assertThat(Manifests.mounts(root).get("config").directory())
          .isEqualTo(root.resolve("etc/keyturn/config"));
    }

    @Test
    void names_only_folders_that_are_mounted() {
      var mounted = Manifests.mounts(root).values().stream().map(Mount::directory).toList();
      assertThat(Manifests.configuration(root).lines().flatMap(line -> names(line)))
          .isNotEmpty()
          .allMatch(file -> mounted.stream().anyMatch(file::startsWith));
    }

    private Stream<Path> names(String line) {
      return Stream.of(line.strip().split("[\\s\\[\\]{},]+"))
          .filter(word -> word.startsWith(root + "/"))
          .map(Path::of);
    }
  }
}
