package dev.keyturn.upstream;

import static dev.keyturn.upstream.GivenUpstream.read;
import static dev.keyturn.upstream.GivenUpstream.valid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UpstreamConfigTest {
  @Test
  void an_upstream_without_a_name_is_the_default_one() {
    assertThat(valid(oidc("issuer_url: https://a.example, client_id: c")).name())
        .isEqualTo("default");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example,openid offline_access",
    "https://accounts.google.com,openid",
    "https://login.microsoftonline.com/common/v2.0,openid profile offline_access"
  })
  void scopes_default_to_what_the_provider_takes(String issuer, String scopes) {
    assertThat(
            valid(oidc("issuer_url: '" + issuer + "', client_id: c"))
                .registration()
                .scopes()
                .wire())
        .isEqualTo(scopes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client_id: c|NONE",
        "client_id: c, client_secret_env_var: SECRET|CLIENT_SECRET_POST",
        "client_id: c, client_secret_env_var: SECRET, token_endpoint_auth_method: client_secret_basic|CLIENT_SECRET_BASIC"
      })
  void client_authentication_follows_the_secret(String fields, ClientAuthentication method) {
    assertThat(
            valid(oidc("issuer_url: https://a.example, " + fields)).registration().authentication())
        .isEqualTo(method);
  }

  @Test
  void the_callback_is_the_given_one_unless_named() {
    assertThat(valid(oidc("issuer_url: https://a.example, client_id: c")).redirectUri())
        .hasToString(GivenUpstream.CALLBACK);
  }

  @Test
  void a_secret_does_not_print() {
    assertThat(
            valid(
                oidc("issuer_url: https://a.example, client_id: c, client_secret_env_var: SECRET")))
        .asString()
        .doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "issuer_url: http://a.example|oidc_config.issuer_url must be an https URL without a query",
        "issuer_url: 'https://a.example?x=1'|oidc_config.issuer_url must be an https URL without a query",
        "issuer_url: https://a.example, client_id: ''|oidc_config.client_id is missing",
        "issuer_url: https://a.example, scopes: [email]|oidc_config.scopes must contain openid",
        "issuer_url: https://a.example, subject_claim: a.b|oidc_config.subject_claim must be a name of letters, digits and underscores",
        "issuer_url: https://a.example, token_endpoint_auth_method: client_secret_basic|oidc_config.token_endpoint_auth_method needs client_secret_file or client_secret_env_var",
        "issuer_url: https://a.example, token_endpoint_auth_method: private_key_jwt|oidc_config.token_endpoint_auth_method private_key_jwt is not supported yet",
        "issuer_url: https://a.example, additional_authorization_params: {state: x}|oidc_config.additional_authorization_params.state is set by Keyturn itself",
        "issuer_url: https://a.example, additional_authorization_params: {nonce: x}|oidc_config.additional_authorization_params.nonce is set by Keyturn itself",
        "issuer_url: https://a.example, userinfo_override: {endpoint_url: http://b.example}|oidc_config.userinfo_override.endpoint_url must be an https URL",
        "issuer_url: https://a.example, userinfo_override: {endpoint_url: https://b.example, additional_headers: {Authorization: x}}|oidc_config.userinfo_override.additional_headers.Authorization is set by Keyturn itself",
        "issuer_url: https://a.example, nonce: never|oidc_config.nonce must be one of optional, required"
      })
  void an_oidc_setting_is_refused(String fields, String finding) {
    var known = fields.contains("client_id") ? fields : fields + ", client_id: c";
    assertThat(findings(oidc(known))).contains(finding);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "token_endpoint: http://a.example/t|oauth2_config.token_endpoint must be an https URL",
        "token_endpoint: https://a.example/t, dcr_config: {discovery_url: https://a.example}|oauth2_config.client_id does not go with dcr_config: name one of them",
        "token_endpoint: https://a.example/t, identity_from_token: {name_path: n}|oauth2_config.identity_from_token.subject_path is missing",
        "token_endpoint: https://a.example/t, token_response_mapping: {access_token_path: 'a.#'}|oauth2_config.token_response_mapping.access_token_path must be names and numbers between dots; of modifiers only @upstreamjwt exists"
      })
  void an_oauth2_setting_is_refused(String fields, String finding) {
    assertThat(
            findings(
                "{type: oauth2, oauth2_config: {client_id: c, authorization_endpoint: https://a.example/a, "
                    + fields
                    + "}}"))
        .contains(finding);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: oidc}|oidc_config is missing",
        "{type: saml}|type must be one of oauth2, oidc",
        "{name: x}|type is missing",
        "{type: oidc, name: A_b, oidc_config: {issuer_url: https://a.example, client_id: c}}|name must be a DNS label: lower-case letters, digits and hyphens",
        "{type: oidc, oidc_config: {issuer_url: https://a.example, client_id: c}, oauth2_config: {}}|oauth2_config does not belong to an upstream of type oidc"
      })
  void an_entry_is_refused(String entry, String finding) {
    assertThat(findings(entry)).contains(finding);
  }

  @Test
  void what_is_read_again_is_equal() {
    var entry =
        "{type: oidc, allow: {groups: [staff], cel: 'claims.sub != \"x\"'}, oidc_config:"
            + " {issuer_url: https://a.example, client_id: c, client_secret_env_var: SECRET,"
            + " scopes: [openid, email], additional_authorization_params: {audience: api},"
            + " userinfo_override: {endpoint_url: https://a.example/u}}}";
    assertThat(valid(entry)).isEqualTo(valid(entry)).hasSameHashCodeAs(valid(entry));
  }

  @Test
  void another_expression_is_another_configuration() {
    var entry =
        "{type: oidc, allow: {cel: 'claims.sub != \"%s\"'}, oidc_config:"
            + " {issuer_url: https://a.example, client_id: c}}";
    assertThat(valid(entry.formatted("x"))).isNotEqualTo(valid(entry.formatted("y")));
  }

  private static String oidc(String fields) {
    return "{type: oidc, oidc_config: {" + fields + "}}";
  }

  private static List<String> findings(String entry) {
    var findings = new Findings();
    assertThat(read(entry, findings)).isEmpty();
    return findings.all().stream().map(Finding::toString).toList();
  }
}
