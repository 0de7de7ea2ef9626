package dev.keyturn.operator.rules;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.GivenCertificate;
import dev.keyturn.operator.render.GivenNamespace;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RulesTest {
  static final String CONFIG =
      """
      kind: MCPExternalAuthConfig
      apiVersion: keyturn.dev/v1beta1
      metadata: {name: github, namespace: tools, creationTimestamp: '2026-11-01T00:00:00Z'}
      spec:
        type: embeddedAuthServer
        embeddedAuthServer:
          issuer: https://mcp.example.com
          signingKeySecretRefs: [{name: as-keys, key: p256-pkcs8.pem}]
          hmacSecretRefs: [{name: as-keys, key: hmac-1}]
          vaultKeySecretRefs: [{name: as-keys, key: vault-1}]
          storage: {type: memory}
          upstreamProviders:
            - name: github
              type: oauth2
              allow: {anyone: true}
              oauth2Config:
                clientId: x
                clientSecretRef: {name: gh, key: secret}
                authorizationEndpoint: https://github.com/login/oauth/authorize
                tokenEndpoint: https://github.com/login/oauth/access_token
      """;

  static final String SERVER =
      """
      kind: MCPServer
      apiVersion: keyturn.dev/v1beta1
      metadata: {name: issues, namespace: tools, creationTimestamp: '2026-11-02T00:00:00Z'}
      spec:
        url: http://issues:8080/mcp
        transport: streamable-http
        resourceUrl: https://mcp.example.com/issues
        authServerRef: {kind: MCPExternalAuthConfig, name: github}
      """;

  private final Rules rules = new Rules(new SecureRandom(), Clock.systemUTC());

  /** The remarks on the first config of {@code yaml}. */
  private List<Remark> onConfig(String yaml, UnaryOperator<GivenLookup> change) {
    var namespace = GivenNamespace.of(yaml);
    return rules.judge(namespace.configs().get(0), change.apply(GivenLookup.of(namespace)));
  }

  private List<String> onConfig(String yaml) {
    return lines(onConfig(yaml, given -> given));
  }

  /** The remarks on the first server of {@code yaml}. */
  private List<String> onServer(String yaml) {
    var namespace = GivenNamespace.of(yaml);
    return lines(rules.judge(namespace.servers().get(0), GivenLookup.of(namespace)));
  }

  private static List<String> lines(List<Remark> remarks) {
    return remarks.stream().map(remark -> remark.weight() + " " + remark).toList();
  }

  private static String replaced(String yaml, String what, String instead) {
    assertThat(yaml).contains(what);
    return yaml.replace(what, instead.replace("\\n", "\n"));
  }

  @Test
  void nothing_is_said_of_what_is_fine() {
    assertThat(onConfig(CONFIG + "---\n" + SERVER)).isEmpty();
    assertThat(onServer(SERVER + "---\n" + CONFIG)).isEmpty();
  }

  @Test
  void a_config_without_a_server_is_judged_too() {
    assertThat(onConfig(CONFIG)).isEmpty();
  }

  @Test
  void a_provider_at_which_keyturn_registers_itself_needs_no_client() {
    assertThat(onConfig(registering("type: file") + "---\n" + SERVER)).isEmpty();
  }

  @Test
  void where_a_client_that_was_registered_is_forgotten_that_is_said() {
    assertThat(onConfig(registering("type: memory") + "---\n" + SERVER))
        .containsExactly(
            "NOTE spec.embeddedAuthServer.upstreamProviders[0].oauth2Config.dcrConfig registers"
                + " anew at each start: storage of type memory forgets the client");
  }

  private static String registering(String storage) {
    return CONFIG
        .replace("type: memory", storage)
        .replace("clientSecretRef: {name: gh, key: secret}", "scopes: [repo]")
        .replace(
            "clientId: x",
            "dcrConfig: {registrationEndpoint: 'https://i.example/r', softwareId: keyturn,"
                + " initialAccessTokenRef: {name: gh, key: secret}}");
  }

  @ParameterizedTest(name = "{1}")
  @CsvFileSource(resources = "config.psv", delimiter = '|', maxCharsPerColumn = 8192)
  void of_a_config(String what, String instead, String remark) {
    assertThat(onConfig(replaced(CONFIG, what, instead) + "---\n" + SERVER))
        .containsExactly(remark);
  }

  @ParameterizedTest(name = "{1}")
  @CsvFileSource(resources = "server.psv", delimiter = '|', maxCharsPerColumn = 8192)
  void of_a_server(String what, String instead, String remark) {
    assertThat(onServer(replaced(SERVER, what, instead) + "---\n" + CONFIG))
        .containsExactly(remark);
  }

  static List<Path> good() throws IOException {
    try (var files = Files.list(Path.of("src/test/resources/dev/keyturn/operator/good"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("good")
  void what_its_definition_takes_is_taken_though_it_waits_for_what_is_not_built(Path file) {
    var given = GivenNamespace.in(file);
    for (var config : given.configs()) {
      assertThat(rules.judge(config, GivenLookup.of(given))).allMatch(Remark::isAdmitted);
    }
  }

  private static String withAuthorities(String content) {
    var named = "clientId: x\n          caBundleRef: {configMapRef: {name: ca, key: ca.crt}}";
    var map = "kind: ConfigMap\nmetadata: {name: ca, namespace: tools}\ndata:\n  ca.crt: |\n";
    return replaced(CONFIG, "clientId: x", named) + "---\n" + map + content.indent(4);
  }

  @Test
  void a_config_that_names_certificates_waits_for_them() {
    assertThat(
            onConfig(
                replaced(
                    CONFIG,
                    "clientId: x",
                    "clientId: x\n          caBundleRef: {configMapRef: {name: ca, key: c}}")))
        .containsExactly(
            "PENDING spec.embeddedAuthServer.upstreamProviders[0].oauth2Config.caBundleRef"
                + ".configMapRef names ConfigMap ca, which is not there: nothing runs until it is");
  }

  @Test
  void certificates_that_are_there_are_fine() {
    assertThat(onConfig(withAuthorities(GivenCertificate.good().certificatePem()))).isEmpty();
  }

  @Test
  void certificates_that_are_none_are_refused() {
    assertThat(onConfig(withAuthorities("none")))
        .containsExactly(
            "REFUSED spec.embeddedAuthServer.upstreamProviders[0].oauth2Config.caBundleRef names"
                + " key ca.crt of ConfigMap ca, which must hold certificates in PEM");
  }

  @Test
  void a_further_provider_is_fine() {
    assertThat(onConfig(withFurther(""))).isEmpty();
  }

  @Test
  void a_further_provider_that_answers_where_the_first_one_does_is_refused() {
    assertThat(onConfig(withFurther("redirectUri: https://mcp.example.com/oauth/callback")))
        .singleElement()
        .asString()
        .startsWith("REFUSED spec.embeddedAuthServer.upstreamProviders[")
        .contains("].oauth2Config.redirectUri is that of another upstream too");
  }

  private static String withFurther(String line) {
    var provider = CONFIG.substring(CONFIG.indexOf("      - name: github"));
    return CONFIG
        + provider
            .replace("name: github", "name: other")
            .replace("clientId: x", "clientId: x" + (line.isEmpty() ? "" : "\n          " + line));
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Of_a_secret {
    private List<String> with(String key, byte[] content) {
      return lines(onConfig(CONFIG, given -> given.with("as-keys", key, content)));
    }

    @Test
    void that_is_not_there_the_config_waits() {
      assertThat(lines(onConfig(CONFIG, given -> given.without("gh"))))
          .containsExactly(
              "PENDING spec.embeddedAuthServer.upstreamProviders[0].oauth2Config.clientSecretRef"
                  + " names Secret gh, which is not there: nothing runs until it is");
    }

    @Test
    void whose_key_is_not_there_the_config_waits() {
      assertThat(onConfig(replaced(CONFIG, "key: hmac-1", "key: hmac-2")))
          .containsExactly(
              "PENDING spec.embeddedAuthServer.hmacSecretRefs[0] names key hmac-2 of Secret"
                  + " as-keys, which is not there: nothing runs until it is");
    }

    @Test
    void that_is_too_short_the_config_is_refused() {
      assertThat(with("hmac-1", "short-marker".getBytes(US_ASCII)))
          .containsExactly(
              "REFUSED spec.embeddedAuthServer.hmacSecretRefs[0] names key hmac-1 of Secret"
                  + " as-keys, which holds 12 bytes: an HMAC secret needs at least 32");
    }

    @Test
    void that_is_no_sealing_key_the_config_is_refused() {
      assertThat(with("vault-1", "short-marker".getBytes(US_ASCII)))
          .containsExactly(
              "REFUSED spec.embeddedAuthServer.vaultKeySecretRefs[0] names key vault-1 of Secret"
                  + " as-keys, which must hold 32 random bytes, raw or in base64");
    }

    @Test
    void that_holds_another_kind_of_key_the_config_is_refused() {
      assertThat(with("p256-pkcs8.pem", GivenLookup.key("refused/public-key.pem")))
          .singleElement()
          .asString()
          .startsWith(
              "REFUSED spec.embeddedAuthServer.signingKeySecretRefs[0] names key p256-pkcs8.pem of"
                  + " Secret as-keys, which is no good: ");
    }

    @Test
    void that_holds_a_weak_key_the_config_is_refused() {
      assertThat(with("p256-pkcs8.pem", GivenLookup.key("refused/weak-rsa.pem")))
          .singleElement()
          .asString()
          .startsWith("REFUSED spec.embeddedAuthServer.signingKeySecretRefs[0] ");
    }

    @Test
    void that_holds_the_same_key_twice_the_config_is_refused() {
      var twice =
          replaced(
              CONFIG,
              "key: p256-pkcs8.pem}",
              "key: p256-pkcs8.pem}, {name: as-keys, key: p384-pkcs8.pem}");
      assertThat(
              lines(
                  onConfig(
                      twice,
                      given ->
                          given.with(
                              "as-keys", "p384-pkcs8.pem", GivenLookup.key("p256-pkcs8.pem")))))
          .singleElement()
          .asString()
          .startsWith("REFUSED spec.embeddedAuthServer.signingKeySecretRefs[1] names key ")
          .endsWith(", and so does another file");
    }

    @Test
    void that_is_larger_than_a_server_reads_the_config_is_refused() {
      assertThat(with("hmac-1", new byte[65 * 1024]))
          .containsExactly(
              "REFUSED spec.embeddedAuthServer.hmacSecretRefs[0] names key hmac-1 of Secret"
                  + " as-keys, which is larger than 64 KiB");
    }

    @Test
    void nothing_is_told_of_its_content() {
      assertThat(
              onConfig(
                      CONFIG,
                      given ->
                          given
                              .with("as-keys", "hmac-1", "short-marker".getBytes(US_ASCII))
                              .with("as-keys", "vault-1", "short-marker".getBytes(US_ASCII))
                              .with("as-keys", "p256-pkcs8.pem", "short-marker".getBytes(US_ASCII))
                              .with("gh", "secret", new byte[0]))
                  .toString())
          .contains("hmac-1")
          .doesNotContain("short-marker");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Beside_others {
    private static final String SECOND =
        "---\n"
            + SERVER
                .replace("name: issues", "name: pulls")
                .replace("11-02", "11-03")
                .replace("/issues\n", "/pulls\n");

    @Test
    void two_servers_are_fine() {
      assertThat(onServer(SERVER + SECOND + "---\n" + CONFIG)).isEmpty();
    }

    @Test
    void the_server_that_is_judged_is_told_of_a_path_that_is_taken() {
      var same = SERVER + SECOND.replace("/pulls\n", "/issues\n") + "---\n" + CONFIG;
      assertThat(onServer(same))
          .contains(
              "REFUSED spec.resourceUrl has the same path as spec.resourceUrl of MCPServer pulls");
    }

    @Test
    void the_same_holds_where_each_server_is_an_issuer_for_itself() {
      var same = SERVER + SECOND.replace("/pulls\n", "/issues\n") + "---\n";
      var apart = CONFIG.replace("    issuer: https://mcp.example.com\n", "");
      assertThat(onServer(same + apart))
          .contains(
              "REFUSED spec.resourceUrl has the same path as spec.resourceUrl of MCPServer pulls");
    }

    @Test
    void a_token_for_one_server_never_opens_another() {
      var audience =
          SERVER
              + "  oidcConfig: {type: inline, inline: {audience:"
              + " 'https://mcp.example.com/pulls'}}\n"
              + SECOND
              + "---\n"
              + CONFIG;
      assertThat(onServer(audience))
          .containsExactly(
              "REFUSED spec.oidcConfig.inline.audience is accepted by another backend:"
                  + " spec.resourceUrl of MCPServer pulls");
    }

    @Test
    void a_config_is_told_which_server_it_would_no_longer_serve() {
      var same = CONFIG + "---\n" + SERVER + SECOND.replace("/pulls\n", "/issues\n");
      var remarks = onConfig(same, given -> given);
      assertThat(remarks)
          .isNotEmpty()
          .allSatisfy(
              remark -> {
                assertThat(remark.weight()).isEqualTo(Weight.NOTE);
                assertThat(remark.object()).isEqualTo("MCPServer/pulls");
              });
    }

    @Test
    void the_older_of_two_configs_has_the_issuer() {
      var younger = CONFIG.replace("name: github, n", "name: second, n").replace("11-01", "11-05");
      assertThat(onConfig(CONFIG + "---\n" + younger)).isEmpty();
      assertThat(onConfig(younger + "---\n" + CONFIG))
          .containsExactly(
              "PENDING spec.embeddedAuthServer.issuer is that of github, which was there before:"
                  + " nothing runs while that has it");
    }

    @Test
    void a_config_for_what_goes_out_is_fine_alone() {
      assertThat(
              onConfig(
                  """
                  kind: MCPExternalAuthConfig
                  apiVersion: keyturn.dev/v1beta1
                  metadata: {name: out, namespace: tools}
                  spec: {type: upstreamInject, upstreamInject: {providerName: whoever}}
                  """))
          .isEmpty();
    }

    @Test
    void a_config_for_what_goes_out_names_a_provider_of_those_that_use_it() {
      assertThat(
              onConfig(
                  """
                  kind: MCPExternalAuthConfig
                  apiVersion: keyturn.dev/v1beta1
                  metadata: {name: out, namespace: tools}
                  spec: {type: upstreamInject, upstreamInject: {providerName: gitlab}}
                  ---
                  """
                      + CONFIG
                      + "---\n"
                      + SERVER
                      + "  externalAuthConfigRef: {name: out}\n"))
          .containsExactly(
              "REFUSED spec.upstreamInject.providerName names no upstream: there is github");
    }

    @Test
    void a_config_for_what_goes_out_may_be_of_a_type_that_is_not_built() {
      assertThat(
              onConfig(
                  """
                  kind: MCPExternalAuthConfig
                  apiVersion: keyturn.dev/v1beta1
                  metadata: {name: out, namespace: tools}
                  spec: {type: bearerToken, bearerToken: {tokenSecretRef: {name: gh, key: secret}}}
                  """))
          .containsExactly("PENDING spec.type bearerToken is not supported yet");
    }
  }

  @Test
  void everything_that_a_config_names_is_found() {
    var config = GivenNamespace.of(CONFIG).configs().get(0);
    assertThat(rules.references(config).stream().map(Reference::field))
        .containsExactly(
            "spec.embeddedAuthServer.signingKeySecretRefs[0]",
            "spec.embeddedAuthServer.hmacSecretRefs[0]",
            "spec.embeddedAuthServer.vaultKeySecretRefs[0]",
            "spec.embeddedAuthServer.upstreamProviders[0].oauth2Config.clientSecretRef");
  }

  @Test
  void everything_that_a_server_names_is_found() {
    var server =
        GivenNamespace.of(
                SERVER
                    + """
                      oidcConfig: {type: configMap, configMap: {name: terms, key: a}}
                      externalAuthConfigRef: {name: out}
                    """)
            .servers()
            .get(0);
    assertThat(rules.references(server).stream().map(one -> one.kind() + " " + one.name()))
        .containsExactly("CONFIG_MAP terms", "CONFIG github", "CONFIG out");
  }
}
