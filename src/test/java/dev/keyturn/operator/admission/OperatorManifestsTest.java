package dev.keyturn.operator.admission;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Patience;
import dev.keyturn.operator.cluster.ApiServer;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.rules.Reference;
import dev.keyturn.operator.rules.Reference.Kind;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifests of the operator: what they must say, and no right too many. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OperatorManifestsTest {
  private static final String NAME = "keyturn-operator";
  private static final String NAMESPACE = "keyturn-system";

  private final JsonNode deployment = object("Deployment", NAME);
  private final JsonNode pod = deployment.at("/spec/template/spec");
  private final JsonNode container = pod.at("/containers/0");

  private static JsonNode object(String kind, String name) {
    return Manifests.object(GivenWebhooks.FOLDER, kind, name);
  }

  private static List<JsonNode> objects() {
    return Manifests.objects(GivenWebhooks.FOLDER);
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static List<String> texts(JsonNode array) {
    return list(array).stream().map(JsonNode::asText).toList();
  }

  @Test
  void there_is_one_object_of_each() {
    assertThat(objects())
        .extracting(
            object -> object.path("kind").asText() + " " + object.at("/metadata/name").asText())
        .containsExactlyInAnyOrder(
            "Namespace keyturn-system",
            "ServiceAccount keyturn-operator",
            "ClusterRole keyturn-operator-asks",
            "ClusterRoleBinding keyturn-operator-asks",
            "ClusterRole keyturn-operator-reads",
            "ClusterRoleBinding keyturn-operator-reads",
            "ClusterRole keyturn-operator-reconciles",
            "ClusterRoleBinding keyturn-operator-reconciles",
            "ClusterRole keyturn-operator-namespaces",
            "ClusterRoleBinding keyturn-operator-namespaces",
            "Role keyturn-operator-election",
            "RoleBinding keyturn-operator-election",
            "Deployment keyturn-operator",
            "PodDisruptionBudget keyturn-operator",
            "Service keyturn-webhook",
            "NetworkPolicy keyturn-operator",
            "ValidatingWebhookConfiguration keyturn");
  }

  @Test
  void what_has_a_namespace_is_in_ours() {
    assertThat(objects())
        .filteredOn(object -> object.at("/metadata").has("namespace"))
        .hasSize(7)
        .allMatch(object -> object.at("/metadata/namespace").asText().equals(NAMESPACE));
  }

  @Test
  void the_namespace_takes_confined_pods_only() {
    assertThat(
            object("Namespace", NAMESPACE)
                .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                .asText())
        .isEqualTo("restricted");
  }

  @Nested
  class The_pod {
    @ParameterizedTest
    @CsvSource({
      "/enableServiceLinks, false",
      "/serviceAccountName, keyturn-operator",
      "/securityContext/runAsNonRoot, true",
      "/securityContext/runAsUser, 65532",
      "/securityContext/runAsGroup, 65532",
      "/securityContext/fsGroup, 65532",
      "/securityContext/seccompProfile/type, RuntimeDefault",
      "/containers/0/securityContext/allowPrivilegeEscalation, false",
      "/containers/0/securityContext/readOnlyRootFilesystem, true",
      "/containers/0/securityContext/capabilities/drop/0, ALL"
    })
    void is_confined(String property, String value) {
      assertThat(pod.at(property).asText()).isEqualTo(value);
    }

    @Test
    void shares_nothing_with_its_node() {
      assertThat(pod.properties())
          .extracting(Map.Entry::getKey)
          .doesNotContain("hostNetwork", "hostPID", "hostIPC", "initContainers");
      assertThat(list(pod.path("volumes"))).noneMatch(volume -> volume.has("hostPath"));
      assertThat(list(pod.path("containers"))).hasSize(1);
      assertThat(container.at("/securityContext/capabilities").has("add")).isFalse();
      assertThat(container.has("envFrom")).isFalse();
    }

    @Test
    void has_the_heap_that_is_measured_and_no_other_variable() {
      assertThat(list(container.path("env")))
          .extracting(one -> one.path("name").asText() + "=" + one.path("value").asText())
          .containsExactly(
              "JDK_JAVA_OPTIONS=-Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
              "MALLOC_ARENA_MAX=2");
    }

    @Test
    void is_one_of_two_that_stand_apart() {
      assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(2);
      assertThat(list(pod.path("topologySpreadConstraints")))
          .extracting(constraint -> constraint.path("topologyKey").asText())
          .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
      assertThat(object("PodDisruptionBudget", NAME).at("/spec/minAvailable").asInt()).isOne();
      assertThat(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asText())
          .isEqualTo("0");
    }

    @Test
    void is_what_the_selectors_select() {
      var labels = deployment.at("/spec/template/metadata/labels");
      assertThat(labels)
          .isEqualTo(deployment.at("/spec/selector/matchLabels"))
          .isEqualTo(object("Service", "keyturn-webhook").at("/spec/selector"))
          .isEqualTo(object("PodDisruptionBudget", NAME).at("/spec/selector/matchLabels"))
          .isEqualTo(object("NetworkPolicy", NAME).at("/spec/podSelector/matchLabels"));
      assertThat(list(pod.path("topologySpreadConstraints")))
          .allMatch(constraint -> constraint.at("/labelSelector/matchLabels").equals(labels));
    }

    @ParameterizedTest
    @CsvSource({"startupProbe, /startupz", "livenessProbe, /livez", "readinessProbe, /readyz"})
    void is_probed_on_the_management_port(String probe, String path) {
      var get = container.path(probe).path("httpGet");
      assertThat(get.path("path").asText()).isEqualTo(path);
      assertThat(get.path("port").asText()).isEqualTo("management");
    }

    @Test
    void runs_the_operator_with_its_defaults() {
      assertThat(texts(container.path("args")))
          .containsExactly("operator", "--server-image=" + container.path("image").asText());
      assertThat(list(container.path("ports")))
          .extracting(port -> port.path("containerPort").asInt())
          .containsExactly(8443, 9090);
    }

    @Test
    void goes_on_until_the_API_server_has_heard_that_it_leaves() {
      var sleep = container.at("/lifecycle/preStop/sleep/seconds").asInt();
      assertThat(sleep).isBetween(1, pod.path("terminationGracePeriodSeconds").asInt() - 15);
    }

    @Test
    void has_its_certificate_in_a_directory_for_its_group_only() {
      var volume = pod.at("/volumes/0");
      assertThat(volume.at("/secret/defaultMode").asInt()).isEqualTo(0440);
      assertThat(volume.path("secret").has("items") || volume.path("secret").has("optional"))
          .isFalse();
      assertThat(list(container.path("volumeMounts")))
          .extracting(mount -> mount.path("mountPath").asText(), mount -> mount.has("subPath"))
          .containsExactly(
              org.assertj.core.api.Assertions.tuple("/etc/keyturn/webhook-tls", false),
              org.assertj.core.api.Assertions.tuple("/tmp", false));
    }
  }

  @Nested
  class The_network {
    private final JsonNode policy = object("NetworkPolicy", NAME).path("spec");

    @Test
    void is_closed_both_ways_but_for_what_is_named() {
      assertThat(texts(policy.path("policyTypes"))).containsExactly("Ingress", "Egress");
      assertThat(list(policy.path("ingress")))
          .hasSize(2)
          .allMatch(rule -> !rule.path("from").isEmpty() && rule.path("ports").size() == 1);
      assertThat(list(policy.path("egress")))
          .hasSize(2)
          .allMatch(rule -> !rule.path("to").isEmpty());
    }

    @Test
    void lets_one_address_to_the_webhook_which_is_nobody_s_until_it_is_put_in() {
      var cidr = policy.at("/ingress/0/from/0/ipBlock/cidr");
      assertThat(policy.at("/ingress/0/ports/0/port").asText()).isEqualTo("webhook");
      assertThat(cidr.asText()).isEqualTo("192.0.2.1/32");
      assertThat(policy.at("/egress/0/to/0/ipBlock/cidr")).isEqualTo(cidr);
    }

    @Test
    void has_the_webhook_in_its_service_and_nothing_else() {
      assertThat(list(object("Service", "keyturn-webhook").at("/spec/ports")))
          .extracting(port -> port.path("targetPort").asText())
          .containsExactly("webhook");
    }
  }

  @Nested
  class The_webhook {
    private final JsonNode webhook =
        object("ValidatingWebhookConfiguration", "keyturn").at("/webhooks/0");

    @ParameterizedTest
    @CsvSource({
      "/sideEffects, None",
      "/failurePolicy, Fail",
      "/matchPolicy, Equivalent",
      "/timeoutSeconds, 5",
      "/admissionReviewVersions/0, v1",
      "/rules/0/scope, Namespaced",
      "/rules/0/apiGroups/0, keyturn.dev",
      "/clientConfig/service/namespace, keyturn-system",
      "/clientConfig/service/name, keyturn-webhook",
      "/clientConfig/service/port, 443"
    })
    void is_strict_and_bounded(String property, String value) {
      assertThat(webhook.at(property).asText()).isEqualTo(value);
    }

    @Test
    void is_asked_where_it_answers() {
      assertThat(webhook.at("/clientConfig/service/path").asText()).isEqualTo(ReviewEndpoint.PATH);
    }

    @Test
    void gives_up_before_the_API_server_does() {
      assertThat(ReviewEndpoint.Bounds.USUAL.budget().toSeconds())
          .isLessThan(webhook.path("timeoutSeconds").asInt());
    }

    @Test
    void judges_both_resources_when_they_come_or_change() {
      assertThat(webhook.path("rules")).hasSize(1);
      assertThat(texts(webhook.at("/rules/0/resources")))
          .containsExactly("mcpexternalauthconfigs", "mcpservers");
      assertThat(texts(webhook.at("/rules/0/operations"))).containsExactly("CREATE", "UPDATE");
    }

    @Test
    void leaves_out_where_it_runs_and_what_the_cluster_runs_on() {
      var selector = webhook.at("/namespaceSelector/matchExpressions/0");
      assertThat(selector.path("operator").asText()).isEqualTo("NotIn");
      assertThat(texts(selector.path("values"))).containsExactly("kube-system", NAMESPACE);
    }

    @Test
    void trusts_nobody_until_somebody_says_whom() {
      assertThat(webhook.path("clientConfig").has("caBundle")).isFalse();
    }
  }

  @Nested
  class A_right {
    @TempDir private Path account;

    private Set<String> granted() {
      return granted(name -> name.endsWith("-asks") || name.endsWith("-reads"));
    }

    private Set<String> granted(Predicate<String> which) {
      var granted = new TreeSet<String>();
      objects().stream()
          .filter(object -> object.path("kind").asText().endsWith("Role"))
          .filter(object -> which.test(object.at("/metadata/name").asText()))
          .flatMap(role -> list(role.path("rules")).stream())
          .forEach(
              rule ->
                  texts(rule.path("verbs"))
                      .forEach(
                          verb ->
                              texts(rule.path("resources"))
                                  .forEach(resource -> granted.add(verb + " " + resource))));
      return granted;
    }

    private Set<String> used() {
      var vertx = Vertx.vertx();
      var certificate = GivenCertificate.good();
      var kubernetes = FakeKubernetes.start(vertx, certificate);
      FakeKubernetes.account(account, FakeKubernetes.TOKEN, certificate);
      var rules = new GivenRulebook();
      rules.references.add(GivenRulebook.secret("out"));
      rules.references.add(new Reference(Kind.CONFIG_MAP, "ca", Optional.of("ca"), "spec"));
      rules.references.add(new Reference(Kind.CONFIG, "in", Optional.empty(), "spec"));
      var api = new ApiServer(vertx, new Pod("127.0.0.1", kubernetes.port(), account));
      var admission = new Admission(vertx, api, rules, Set.of());
      done(admission.judge(GivenReview.ofConfig().request(), Patience.LONG));
      done(vertx.close());
      return new TreeSet<>(kubernetes.calls);
    }

    @Test
    void of_the_webhook_is_granted_where_it_is_used_and_nowhere_else() {
      assertThat(granted()).isEqualTo(used());
    }

    @Test
    void is_our_account_s_alone() {
      assertThat(objects())
          .filteredOn(object -> object.path("kind").asText().equals("ClusterRoleBinding"))
          .hasSize(4)
          .allSatisfy(
              binding -> {
                assertThat(binding.at("/roleRef/name")).isEqualTo(binding.at("/metadata/name"));
                assertThat(binding.path("subjects")).hasSize(1);
                assertThat(binding.at("/subjects/0/name").asText()).isEqualTo(NAME);
                assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(NAMESPACE);
              });
    }

    @Test
    void is_never_a_wildcard() {
      assertThat(granted(any -> true)).noneMatch(right -> right.contains("*"));
    }

    @Test
    void to_a_Secret_is_to_get_it_by_its_name() {
      assertThat(granted(any -> true))
          .filteredOn(right -> right.endsWith(" secrets"))
          .containsExactly("get secrets");
    }

    @Test
    void is_used_by_who_mounts_the_account_on_purpose() {
      assertThat(object("ServiceAccount", NAME).path("automountServiceAccountToken").asBoolean())
          .isFalse();
      assertThat(pod.path("automountServiceAccountToken").asBoolean()).isTrue();
    }
  }
}
