package dev.keyturn.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RenderingTest {
  private static final String NAMESPACE =
      """
      kind: MCPExternalAuthConfig
      apiVersion: keyturn.dev/v1beta1
      metadata: {name: company, namespace: tools}
      spec:
        type: embeddedAuthServer
        embeddedAuthServer:
          issuer: https://mcp.example.com
          hmacSecretRefs: [{name: as-keys, key: hmac-1}]
          upstreamProviders:
            - name: company
              type: oidc
              oidcConfig: {issuerUrl: 'https://login.example.org', clientId: keyturn}
          storage: {type: memory}
      ---
      kind: MCPServer
      apiVersion: keyturn.dev/v1beta1
      metadata: {name: issues, namespace: tools}
      spec:
        url: http://issues:8080/mcp
        transport: streamable-http
        resourceUrl: https://mcp.example.com/issues
        authServerRef: {kind: MCPExternalAuthConfig, name: company}
      """;

  private static Rendered rendered(String what, String instead) {
    assertThat(NAMESPACE).contains(what);
    return GivenNamespace.of(NAMESPACE.replace(what, instead)).rendered();
  }

  private static Deployed deployed(String what, String instead) {
    return rendered(what, instead).deployments().get(0);
  }

  private static Deployed deployed() {
    return GivenNamespace.of(NAMESPACE).rendered().deployments().get(0);
  }

  private static List<String> remarks(String what, String instead) {
    return rendered(what, instead).remarks().stream().map(Remark::toString).toList();
  }

  @Test
  void the_example_of_the_documentation_is_one_server_with_two_backends() {
    var example = Path.of("deploy/examples/github-two-servers.yaml");
    assertThat(GivenNamespace.in(example).rendered().deployments())
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.urls())
                    .containsExactly(
                        "https://mcp.example.com",
                        "https://mcp.example.com/issues",
                        "https://mcp.example.com/reviews"));
  }

  @Test
  void without_a_server_nothing_runs() {
    assertThat(rendered("name: company}\n", "name: other}\n").deployments()).isEmpty();
  }

  @Test
  void an_empty_list_of_who_may_log_in_stays_empty() {
    assertThat(deployed("type: oidc\n", "type: oidc\n        allow: {}\n").runConfig())
        .contains("allow: {}");
  }

  @Test
  void anyone_is_a_word() {
    assertThat(deployed("type: oidc\n", "type: oidc\n        allow: {anyone: true}\n").runConfig())
        .contains("allow: \"anyone\"");
  }

  @Test
  void anyone_beside_a_list_is_refused() {
    assertThat(remarks("type: oidc\n", "type: oidc\n        allow: {anyone: true, groups: [a]}\n"))
        .containsExactly(
            "spec.embeddedAuthServer.upstreamProviders[0].allow.anyone stands beside a list:"
                + " write the one or the other");
  }

  @Test
  void what_has_no_setting_yet_is_named() {
    assertThat(
            remarks(
                "upstreamProviders:", "primaryUpstreamProvider: company\n    upstreamProviders:"))
        .containsExactly("spec.embeddedAuthServer.primaryUpstreamProvider is not supported yet");
  }

  @Test
  void certificates_are_mounted_like_secrets() {
    var deployed =
        deployed(
            "clientId: keyturn}",
            "clientId: keyturn, caBundleRef: {configMapRef: {name: ca, key: ca.crt}}}");
    assertThat(deployed.mounts())
        .contains(new Mount(Mount.Kind.CONFIG_MAP, "ca", "/etc/keyturn/configmaps/ca"));
    assertThat(deployed.runConfig())
        .contains("ca_bundle_file: \"/etc/keyturn/configmaps/ca/ca.crt\"");
  }

  @Test
  void a_file_store_has_a_volume() {
    assertThat(deployed("{type: memory}", "{type: file}").mounts())
        .anySatisfy(mount -> assertThat(mount.path()).isEqualTo("/var/lib/keyturn"));
  }

  @Test
  void a_redis_is_shared_by_a_name_for_each_config() {
    assertThat(deployed("{type: memory}", "{type: redis, redis: {addr: 'r:6379'}}").runConfig())
        .contains("addr: \"r:6379\"", "key_prefix: \"keyturn:tools:company:\"");
  }

  @Test
  void a_service_of_sentinels_is_an_address() {
    assertThat(
            deployed(
                    "{type: memory}",
                    "{type: redis, redis: {sentinelConfig: {masterName: m,"
                        + " sentinelService: {name: s}}}}")
                .runConfig())
        .contains("- \"s.tools.svc:26379\"");
  }

  @Test
  void encryption_without_a_word_more_is_encryption() {
    assertThat(
            deployed("{type: memory}", "{type: redis, redis: {addr: 'r:6379', tls: {}}}")
                .runConfig())
        .contains("tls: {}");
  }

  @Test
  void a_client_that_is_left_out_is_trusted_no_more() {
    var more =
        """
        {type: memory}
            consent: {mode: trusted, trustedClients: [here, elsewhere]}
            clients:
              - clientId: here
                redirectUris: ['https://here.example/cb']
              - clientId: elsewhere
                redirectUris: ['https://elsewhere.example/cb']
                audiences: ['https://mcp.example.com/other']
        """
            .strip();
    assertThat(deployed("{type: memory}", more).runConfig())
        .contains("trusted_clients:\n  - \"here\"\n")
        .doesNotContain("elsewhere");
  }

  @Test
  void a_configmap_that_cannot_be_read_closes_the_server() {
    var rendered =
        rendered(
            "  authServerRef",
            "  oidcConfig: {type: configMap, configMap: {name: terms, key: t}}\n  authServerRef");
    var broken =
        new Rendering(GivenNamespace.POD)
            .of(
                new Scene(
                    GivenNamespace.of(NAMESPACE).configs().get(0),
                    GivenNamespace.of(
                            NAMESPACE.replace(
                                "  authServerRef",
                                "  oidcConfig: {type: configMap,"
                                    + " configMap: {name: terms, key: t}}\n  authServerRef"))
                        .servers(),
                    GivenNamespace.of(NAMESPACE).configs(),
                    Map.of("terms", Map.of("t", "audiense: x"))));
    assertThat(rendered.deployments()).isEmpty();
    assertThat(broken.remarks())
        .singleElement()
        .hasToString(
            "spec.oidcConfig.configMap names key t of ConfigMap terms, which cannot be read:"
                + " write audience, a text, and scopes, a list of texts, there");
  }

  @Test
  void names_are_labels_however_long_their_parts_are() {
    assertThat(Names.deployment("c".repeat(50), "https://mcp.example.com"))
        .matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    assertThat(Names.service("s".repeat(70))).matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  }

  @Test
  void two_issuers_have_two_names() {
    assertThat(Names.deployment("a", "https://a.example"))
        .isNotEqualTo(Names.deployment("a", "https://b.example"));
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_pod_is_replaced {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "issuer: https://mcp.example.com|issuer: https://other.example.com",
          "{name: as-keys, key: hmac-1}|{name: other, key: hmac-1}",
          "{type: memory}|{type: file}",
          "{type: memory}|{type: redis, redis: {addr: 'r:6379'}}"
        })
    void for_another(String what, String instead) {
      assertThat(deployed(what, instead).restartHash()).isNotEqualTo(deployed().restartHash());
    }

    @Test
    void for_another_address_of_its_store() {
      var one = deployed("{type: memory}", "{type: redis, redis: {addr: 'r:6379'}}");
      var other = deployed("{type: memory}", "{type: redis, redis: {addr: 's:6379'}}");
      assertThat(one.restartHash()).isNotEqualTo(other.restartHash());
    }

    @Test
    void for_another_image() {
      assertThat(hash(new Pod("other", GivenNamespace.POD.resources())))
          .isNotEqualTo(deployed().restartHash());
    }

    @Test
    void for_other_resources() {
      assertThat(
              hash(
                  new Pod(
                      GivenNamespace.POD.image(),
                      new ResourceNeeds(Map.of(), Map.of("memory", "1Gi")))))
          .isNotEqualTo(deployed().restartHash());
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "key: hmac-1|key: hmac-2",
          "clientId: keyturn|clientId: other",
          "url: http://issues:8080/mcp|url: http://elsewhere:8080/mcp",
          "resourceUrl: https://mcp.example.com/issues|resourceUrl: https://mcp.example.com/other",
          "clientId: keyturn|clientId: keyturn, scopes: [openid]"
        })
    void never_for_what_changes_live(String what, String instead) {
      assertThat(deployed(what, instead).restartHash()).isEqualTo(deployed().restartHash());
      assertThat(deployed(what, instead).runConfig()).isNotEqualTo(deployed().runConfig());
    }

    @Test
    void never_for_a_further_server() {
      var second =
          NAMESPACE.substring(NAMESPACE.indexOf("kind: MCPServer")).replace("issues", "pulls");
      var both = GivenNamespace.of(NAMESPACE + "---\n" + second).rendered().deployments();
      assertThat(both)
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.servers()).containsExactly("issues", "pulls");
                assertThat(one.restartHash()).isEqualTo(deployed().restartHash());
              });
    }

    private static String hash(Pod pod) {
      return new Rendering(pod)
          .of(GivenNamespace.of(NAMESPACE).scene())
          .deployments()
          .get(0)
          .restartHash();
    }
  }
}
