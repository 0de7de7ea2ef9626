package dev.keyturn.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ResourcesTest {
  private static final String CONFIG =
      """
      apiVersion: keyturn.dev/v1beta1
      kind: MCPExternalAuthConfig
      metadata: {name: github, managedFields: [{manager: kubectl}]}
      spec:
        type: embeddedAuthServer
        embeddedAuthServer:
          insecureAllowHTTP: true
          upstreamProviders:
            - name: github
              type: oauth2
              oauth2Config:
                clientId: x
                clientSecretRef: {name: gh, key: secret}
                authorizationEndpoint: https://github.com/login/oauth/authorize
                tokenEndpoint: https://github.com/login/oauth/access_token
      """;

  private final Resources resources = new Resources();

  @Test
  void a_resource_is_read_by_the_names_of_its_fields() throws JsonProcessingException {
    var upstream = config(CONFIG).spec().embeddedAuthServer().orElseThrow().upstreamProviders();
    assertThat(upstream.get(0).oauth2Config().orElseThrow().clientSecretRef())
        .contains(new SecretKeyRef("gh", "secret"));
  }

  @Test
  void the_word_of_a_type_is_read() throws JsonProcessingException {
    assertThat(config(CONFIG).spec().type()).isEqualTo(ExternalAuthSpec.Type.EMBEDDED_AUTH_SERVER);
  }

  @Test
  void a_list_that_is_left_out_is_empty() throws JsonProcessingException {
    var server = config(CONFIG).spec().embeddedAuthServer().orElseThrow();
    assertThat(server.hmacSecretRefs()).isEmpty();
  }

  @Test
  void a_part_that_is_left_out_is_absent() throws JsonProcessingException {
    assertThat(config(CONFIG).spec().tokenExchange()).isEqualTo(Optional.empty());
  }

  @Test
  void what_is_written_is_what_was_read() throws JsonProcessingException {
    var text = CONFIG.replace(", managedFields: [{manager: kubectl}]", "");
    assertThat(resources.write(config(text))).isEqualTo(tree(text));
  }

  @Test
  void a_field_that_nobody_knows_is_refused() {
    var text = CONFIG.replace("insecureAllowHTTP", "insecureAlowHTTP");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(text))
        .withMessageContaining("insecureAlowHTTP");
  }

  @Test
  void a_field_that_must_be_there_is_missed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(CONFIG.replace("key: secret", "")))
        .withMessageContaining("key");
  }

  @Test
  void a_number_is_no_text() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(CONFIG.replace("clientId: x", "clientId: 7")));
  }

  private ExternalAuthConfig config(String yaml) throws JsonProcessingException {
    return resources.read(tree(yaml), ExternalAuthConfig.class);
  }

  private static JsonNode tree(String yaml) throws JsonProcessingException {
    return new YAMLMapper().readTree(yaml);
  }
}
