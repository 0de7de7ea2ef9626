package dev.keyturn.upstream;

import static dev.keyturn.upstream.GivenUpstream.read;
import static dev.keyturn.upstream.GivenUpstream.valid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.keys.SigningAlgorithm;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
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
        "issuer_url: https://a.example, token_endpoint_auth_method: private_key_jwt|oidc_config.token_endpoint_auth_method private_key_jwt needs client_key_file or client_key_env_var",
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

  /** {@code private_key_jwt}: a key, and nothing beside it. */
  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_client_key {
    private final String pem = GivenUpstream.pem("p256-pkcs8.pem");

    @Test
    void is_enough_to_say_how_we_prove_ourselves() {
      var registration = GivenUpstream.oidcByKey(pem, "https://a.example", "").registration();
      assertThat(registration.authentication()).isEqualTo(ClientAuthentication.PRIVATE_KEY_JWT);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "client_key_env_var: SECRET, client_secret_env_var: SECRET|client_secret_env_var does not go with private_key_jwt: a key proves who we are, so name client_key_file or client_key_env_var alone",
          "client_secret_env_var: SECRET, token_endpoint_auth_method: private_key_jwt|client_secret_env_var does not go with private_key_jwt: a key proves who we are, so name client_key_file or client_key_env_var alone",
          "client_key_env_var: SECRET, token_endpoint_auth_method: client_secret_post|client_key_env_var does not go with client_secret_post: it needs private_key_jwt as token_endpoint_auth_method",
          "client_key_env_var: SECRET, token_endpoint_auth_method: none|client_key_env_var does not go with none: it needs private_key_jwt as token_endpoint_auth_method",
          "client_key_env_var: SECRET, client_key_file: k|client_key_env_var must not be given together with client_key_file",
          "client_key_env_var: NOPE|client_key_env_var names the variable NOPE, which is not set",
          "client_assertion_audience: x|client_assertion_audience is for private_key_jwt alone: leave it out",
          "client_key_env_var: SECRET, client_assertion_audience: 'a b'|client_assertion_audience must be at most 2048 characters of ASCII without blanks"
        })
    void stands_alone(String fields, String finding) {
      assertThat(found(fields, pem)).contains("oidc_config." + finding);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "weak-rsa.pem|holds an RSA key of 1024 bits; it must hold EC on P-256, P-384 or P-521, RSA of 2048 to 8192 bits, or Ed25519",
          "public-key.pem|holds a public key; it must hold the private key that belongs to it, and nothing else",
          "certificate.pem|holds a certificate; it must hold the private key that belongs to it, and nothing else",
          "half.pem|holds a PEM block without its begin or its end; it must hold the whole file, up to its END line",
          "text-only.pem|holds no PEM block; it must hold one private key in PEM, which begins with -----BEGIN PRIVATE KEY-----",
          "two-keys.pem|holds more than one private key; it must hold one private key in PEM, which begins with -----BEGIN PRIVATE KEY-----"
        })
    void that_is_no_good_is_refused_without_a_word_of_it(String file, String because) {
      assertThat(found("client_key_env_var: SECRET", GivenUpstream.pem("refused/" + file)))
          .filteredOn(finding -> !finding.contains("is not live"))
          .containsExactly(
              "oidc_config.client_key_env_var names the variable SECRET, which is no good: "
                  + because);
    }

    @Test
    void on_another_curve_is_refused() {
      assertThat(
              found("client_key_env_var: SECRET", GivenUpstream.pem("refused/secp256k1-pkcs8.pem")))
          .anyMatch(finding -> finding.contains("which is no good: holds an EC key on secp256k1;"));
    }

    @Test
    void in_a_variable_is_not_live() {
      var findings = new Findings();
      read(oidc(A + "client_key_env_var: SECRET"), pem, findings);
      assertThat(findings.warnings())
          .extracting(Finding::toString)
          .contains(
              "oidc_config.client_key_env_var is not live: a variable is read once, and a file can"
                  + " change while the server runs");
    }

    @Test
    void that_is_read_again_is_equal() {
      var config = GivenUpstream.oidcByKey(pem, "https://a.example", "");
      assertThat(GivenUpstream.oidcByKey(pem, "https://a.example", ""))
          .isEqualTo(config)
          .hasSameHashCodeAs(config);
    }

    @Test
    void is_another_one_for_another_audience() {
      assertThat(GivenUpstream.oidcByKey(pem, "https://a.example", ""))
          .isNotEqualTo(
              GivenUpstream.oidcByKey(
                  pem, "https://a.example", ", client_assertion_audience: 'https://b.example'"));
    }

    @Test
    void does_not_print() {
      var body = pem.lines().filter(line -> !line.startsWith("-----")).findFirst().orElseThrow();
      assertThat(GivenUpstream.oidcByKey(pem, "https://a.example", ""))
          .asString()
          .doesNotContain(body)
          .contains("SigningKey[LRdl32lqhpPFBJEyrhz8aGbfYXC7jQhuviBQdpDPAB0]");
    }

    @Test
    void of_rsa_signs_at_entra_as_entra_wants_it() {
      var config =
          GivenUpstream.oidcByKey(
              GivenUpstream.pem("rsa2048-pkcs8.pem"),
              "https://login.microsoftonline.com/common/v2.0",
              ", scopes: [openid]");
      var key = config.registration().client().key().orElseThrow();
      assertThat(key.key().algorithm()).isEqualTo(SigningAlgorithm.PS256);
      assertThat(key.audience())
          .isEqualTo("https://login.microsoftonline.com/common/oauth2/v2.0/token");
    }

    private static final String A = "issuer_url: https://a.example, client_id: c, ";

    private static List<String> found(String fields, String pem) {
      var findings = new Findings();
      assertThat(read(oidc(A + fields), pem, findings)).isEmpty();
      return findings.all().stream().map(Finding::toString).toList();
    }
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
