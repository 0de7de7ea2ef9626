package dev.keyturn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyturn.given.Manifests;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pods are asked, of all that anybody can make. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PodSeenTest {
  private final ObjectNode pod =
      (ObjectNode)
          Manifests.parse(
                  """
                  apiVersion: v1
                  kind: Pod
                  metadata:
                    namespace: tools
                    name: keyturn-a-6d9f4c-x
                    labels: {app.kubernetes.io/instance: keyturn-a, pod-template-hash: 6d9f4c}
                    ownerReferences:
                      - {apiVersion: apps/v1, kind: ReplicaSet, name: keyturn-a-6d9f4c, controller: true}
                  spec:
                    containers:
                      - {name: keyturn, ports: [{name: management, containerPort: 9090}]}
                  status:
                    podIP: 10.0.0.1
                    conditions: [{type: Ready, status: "True"}]
                  """)
              .get(0);

  @Test
  void one_of_a_Deployment_is_asked() {
    assertThat(PodSeen.of(pod))
        .contains(new PodSeen("tools", "keyturn-a-6d9f4c-x", "keyturn-a", "10.0.0.1", true));
  }

  @ParameterizedTest
  @CsvSource({
    "/metadata, ownerReferences, []",
    "/metadata/ownerReferences/0, controller, false",
    "/metadata/ownerReferences/0, kind, StatefulSet",
    "/metadata/ownerReferences/0, apiVersion, example.com/v1",
    "/metadata/ownerReferences/0, name, keyturn-b-6d9f4c",
    "/metadata/labels, pod-template-hash, another",
    "/metadata, labels, {}",
    "/metadata, deletionTimestamp, '\"2026-01-01T00:00:00Z\"'",
    "/spec, hostNetwork, true"
  })
  void one_that_is_not_as_a_Deployment_makes_it_is_not(String part, String field, String value)
      throws IOException {
    ((ObjectNode) pod.at(part)).set(field, new YAMLMapper().readTree(value));
    assertThat(PodSeen.of(pod)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"podIP, ''", "conditions, []"})
  void one_without_an_address_or_not_ready_gives_no_answer(String field, String value)
      throws IOException {
    ((ObjectNode) pod.path("status")).set(field, new YAMLMapper().readTree(value));
    assertThat(PodSeen.of(pod).filter(PodSeen::answers)).isEmpty();
  }
}
