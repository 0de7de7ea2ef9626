package dev.keyturn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.Manifests;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of a resource that is of another time. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadingTest {
  private final ObjectNode server =
      (ObjectNode)
          Manifests.parse(
                  """
                  apiVersion: keyturn.dev/v1beta1
                  kind: MCPServer
                  metadata: {name: wiki, namespace: tools, generation: 7, uid: u1}
                  spec:
                    url: http://wiki.tools.svc/mcp
                    transport: streamable-http
                    resourceUrl: https://mcp.example.com/wiki
                    env: [{name: A, value: b}]
                    authServerRef: {kind: MCPExternalAuthConfig, name: okta}
                    externalAuthConfigRef: {name: out}
                  status:
                    observedGeneration: 6
                  """)
              .get(0);

  private Reading<McpServer> read() {
    return Reading.of(Kind.SERVER, server, McpServer.class, McpServer::metadata);
  }

  @Test
  void one_of_our_time_is_understood() {
    assertThat(read().value()).isPresent();
    assertThat(read().unread()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/spec, transport, spec.transport",
    "/spec, later, spec.later",
    "/spec/env/0, later, spec.env[0].later",
    "'', later, later"
  })
  void what_is_not_is_named_without_its_value(String where, String field, String named) {
    ((ObjectNode) server.at(where)).put(field, "s3cr3t");
    assertThat(read().value()).isEmpty();
    assertThat(read().unread()).get().extracting(Unread::because).isEqualTo(named);
  }

  @Test
  void its_name_and_what_it_names_are_known_all_the_same() {
    server.withObject("/spec").put("later", true);
    var unread = read().unread().orElseThrow();
    assertThat(unread.key()).isEqualTo(Key.server("tools", "wiki"));
    assertThat(unread.ties()).containsExactlyInAnyOrder("okta", "out");
    assertThat(unread.metadata().generation()).contains(7L);
    assertThat(unread.status().path("observedGeneration").asInt()).isEqualTo(6);
  }

  @Test
  void an_issuer_is_known_too() {
    var config = server.deepCopy();
    config.withObject("/spec").removeAll().put("later", true);
    config.withObject("/spec/embeddedAuthServer").put("issuer", "https://mcp.example.com");
    var read =
        Reading.of(Kind.CONFIG, config, ExternalAuthConfig.class, ExternalAuthConfig::metadata);
    assertThat(read.unread().orElseThrow().issuer()).contains("https://mcp.example.com");
  }

  @Test
  void a_status_of_another_time_keeps_nothing_from_being_understood() {
    server.withObject("/status").put("later", true);
    assertThat(read().value().orElseThrow().status()).isEmpty();
  }

  @Test
  void a_resource_without_a_form_is_not_understood_either() {
    server.put("spec", "none");
    assertThat(read().unread().orElseThrow().ties()).isEmpty();
  }
}
