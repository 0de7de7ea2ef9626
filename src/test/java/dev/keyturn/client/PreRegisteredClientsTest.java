package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.given.SigningClient;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.secrets.SecretReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PreRegisteredClientsTest {
  private static final String GOOD =
      "client_id: a, redirect_uris: ['http://localhost/cb'], scopes: ['mcp:read']";
  private static final String SECRET = "0123456789abcdef0123456789ABCDEF";
  private static final String CONFIDENTIAL =
      "client_id: a, redirect_uris: ['https://a.example/cb'], client_secret_env_var: SECRET";

  @TempDir private Path folder;

  private final Findings findings = new Findings();

  private PreRegisteredClients read(String... entries) {
    var yaml = new StringBuilder("clients:\n");
    List.of(entries).forEach(entry -> yaml.append("  - {").append(entry).append("}\n"));
    var settings = Settings.parse(yaml.toString(), Path.of("/etc/keyturn"), findings);
    var limits =
        new PreRegisteredClients.Limits(
            Scopes.parse("mcp:read mcp:write"),
            List.of("https://mcp.example.com", "lister"),
            RedirectUri.EDITOR_SCHEMES);
    var clients = PreRegisteredClients.from(settings, secrets(), limits);
    settings.refuseUnknown();
    return clients;
  }

  private SecretReader secrets() {
    return new SecretReader(Map.of("SECRET", SECRET, "SHORT", SECRET.substring(1)), findings);
  }

  private Client client(String entry) {
    var clients = read(entry);
    assertThat(findings.errors()).isEmpty();
    return done(clients.find("a")).orElseThrow();
  }

  private List<String> complaints(String... entries) {
    read(entries);
    return findings.errors().stream().map(Object::toString).toList();
  }

  @Test
  void reads_a_client() {
    assertThat(client(GOOD).redirectUris()).containsExactly(new RedirectUri("http://localhost/cb"));
  }

  @Test
  void a_client_of_the_operator_is_no_stranger() {
    assertThat(client(GOOD).isStranger()).isFalse();
  }

  @Test
  void the_scopes_are_a_ceiling() {
    assertThat(client(GOOD).scopeCeiling()).contains(Scopes.parse("mcp:read"));
  }

  @Test
  void no_scopes_are_no_ceiling() {
    assertThat(client("client_id: a, redirect_uris: ['https://a.example/cb']").scopeCeiling())
        .isEmpty();
  }

  @Test
  void grants_are_code_and_refresh_unless_named() {
    assertThat(client(GOOD).grantTypes()).isEqualTo(Set.of("authorization_code", "refresh_token"));
  }

  @Test
  void grants_may_be_fewer() {
    assertThat(client(GOOD + ", grant_types: [authorization_code]").may("refresh_token")).isFalse();
  }

  @Test
  void an_audience_may_be_spelled_as_a_client_spells_it() {
    assertThat(client(GOOD + ", audiences: ['https://mcp.example.com/', lister]").audiences())
        .hasSize(2);
  }

  @Test
  void what_says_public_is_fine() {
    assertThat(
            client(
                GOOD
                    + ", token_endpoint_auth_method: none, pkce: required, require_par: false,"
                    + " profile: '', client_secret_file: '', jwks_uri: ''"))
        .isNotNull();
  }

  @Test
  void requests_may_come_by_the_browser_unless_they_must_be_pushed() {
    assertThat(client(GOOD).authentication().requiresPush()).isFalse();
    assertThat(client(GOOD + ", require_par: true").authentication().requiresPush()).isTrue();
  }

  @Nested
  class A_secret {
    @Test
    void does_not_hide_that_requests_must_be_pushed() {
      assertThat(client(CONFIDENTIAL).authentication().requiresPush()).isFalse();
      assertThat(client(CONFIDENTIAL + ", require_par: true").authentication().requiresPush())
          .isTrue();
    }

    @Test
    void makes_a_client_authenticate_by_basic() {
      var own = client(CONFIDENTIAL).authentication();
      assertThat(own.method()).isEqualTo(Method.CLIENT_SECRET_BASIC);
      assertThat(own.admits(List.of(SECRET))).isTrue();
    }

    @Test
    void may_be_posted() {
      var posting = CONFIDENTIAL + ", token_endpoint_auth_method: client_secret_post";
      assertThat(client(posting).authentication().method()).isEqualTo(Method.CLIENT_SECRET_POST);
    }

    @Test
    void of_a_file_ends_before_its_white_space() throws IOException {
      var file = Files.writeString(folder.resolve("secret"), " " + SECRET + "\n");
      var named = CONFIDENTIAL.replace("env_var: SECRET", "file: '" + file + "'");
      assertThat(client(named).authentication().admits(List.of(SECRET))).isTrue();
    }

    @Test
    void keeps_pkce_required() {
      assertThat(client(CONFIDENTIAL).authentication().requiresPkce()).isTrue();
    }

    @Test
    void makes_pkce_optional_where_the_operator_says_so() {
      assertThat(client(CONFIDENTIAL + ", pkce: optional").authentication().requiresPkce())
          .isFalse();
    }

    @Test
    void is_not_printed_and_its_hash_is_not_either() {
      var client = client(CONFIDENTIAL);
      assertThat(client.toString())
          .doesNotContain(SECRET, client.authentication().secretHashes().get(0));
    }

    @Test
    void of_31_characters_is_refused() {
      assertThat(complaints(CONFIDENTIAL.replace("SECRET", "SHORT")))
          .containsExactly(
              "clients[0].client_secret_env_var names the variable SHORT, which holds 31"
                  + " characters: a client's secret needs at least 32");
    }

    @Test
    void that_is_short_is_refused_with_the_name_of_its_file() throws IOException {
      var file = Files.writeString(folder.resolve("short"), "marker");
      assertThat(complaints(CONFIDENTIAL.replace("env_var: SECRET", "file: '" + file + "'")))
          .containsExactly(
              "clients[0].client_secret_file names "
                  + file
                  + ", which holds 6 characters: a client's secret needs at least 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\t", "é"})
    void that_is_no_line_of_ascii_is_refused(String odd) throws IOException {
      var file = Files.writeString(folder.resolve("odd"), SECRET + odd + SECRET);
      assertThat(complaints(CONFIDENTIAL.replace("env_var: SECRET", "file: '" + file + "'")))
          .containsExactly(
              "clients[0].client_secret_file names "
                  + file
                  + ", which must hold one line of printable ASCII");
    }

    @Test
    void in_two_places_is_refused() {
      assertThat(complaints(CONFIDENTIAL + ", client_secret_file: x"))
          .first()
          .isEqualTo(
              "clients[0].client_secret_env_var must not be given together with"
                  + " client_secret_file");
    }

    @Test
    void does_not_go_with_the_method_none() {
      assertThat(complaints(CONFIDENTIAL + ", token_endpoint_auth_method: none"))
          .containsExactly(
              "clients[0].token_endpoint_auth_method must not be none where there is a secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/cb", "http://127.0.0.1:80/cb", "com.example:/cb"})
    void does_not_go_with_the_address_of_an_app(String uri) {
      assertThat(complaints(CONFIDENTIAL.replace("https://a.example/cb", uri)))
          .containsExactly(
              "clients[0].redirect_uris[0] must be https: this client has a secret, so it is no"
                  + " app");
    }
  }

  @Nested
  class Several_secrets {
    @Test
    void will_each_do() throws IOException {
      var own = client(having(text('n'), text('o'))).authentication();
      assertThat(own.admits(List.of(text('n')))).isTrue();
      assertThat(own.admits(List.of(text('o')))).isTrue();
    }

    @Test
    void admit_no_other() throws IOException {
      var own = client(having(text('n'), text('o'))).authentication();
      assertThat(own.admits(List.of(text('x'), text('y')))).isFalse();
    }

    @Test
    void may_be_four() throws IOException {
      var own = client(having(text('1'), text('2'), text('3'), text('4'))).authentication();
      assertThat(own.secretHashes()).hasSize(4);
    }

    @Test
    void must_not_be_five() throws IOException {
      assertThat(complaints(having(text('1'), text('2'), text('3'), text('4'), text('5'))))
          .containsExactly("clients[0].client_secret_files must name at most 4 files");
    }

    @Test
    void must_differ() throws IOException {
      assertThat(complaints(having(text('n'), text('n'))))
          .containsExactly(
              "clients[0].client_secret_files[1] names "
                  + folder.resolve("1")
                  + ", which holds a secret that is listed before it");
    }

    @Test
    void are_refused_whole_if_one_is_no_good() throws IOException {
      assertThat(complaints(having(text('n'), "short")))
          .containsExactly(
              "clients[0].client_secret_files[1] names "
                  + folder.resolve("1")
                  + ", which holds 5 characters: a client's secret needs at least 32");
    }

    @Test
    void do_not_go_with_one() throws IOException {
      assertThat(complaints(having(text('n')) + ", client_secret_env_var: SECRET"))
          .containsExactly(
              "clients[0].client_secret_files must not be given together with"
                  + " client_secret_env_var");
    }

    @Test
    void that_are_none_leave_a_client_public() {
      assertThat(client(GOOD + ", client_secret_files: []").authentication().isConfidential())
          .isFalse();
    }

    private String having(String... secrets) throws IOException {
      var files = new ArrayList<String>();
      for (int i = 0; i < secrets.length; i++) {
        files.add("'" + Files.writeString(folder.resolve("" + i), secrets[i]) + "'");
      }
      return CONFIDENTIAL.replace("client_secret_env_var: SECRET", "client_secret_files: " + files);
    }

    private static String text(char of) {
      return String.valueOf(of).repeat(32);
    }
  }

  @Test
  void the_methods_are_those_of_the_clients() {
    assertThat(read(GOOD, CONFIDENTIAL.replace("client_id: a", "client_id: b")).methods())
        .containsExactlyInAnyOrder(Method.NONE, Method.CLIENT_SECRET_BASIC);
  }

  @Test
  void no_list_is_no_client() {
    var settings = Settings.parse("{}", Path.of("/"), findings);
    var limits = new PreRegisteredClients.Limits(Scopes.NONE, List.of(), Set.of());
    assertThat(done(PreRegisteredClients.from(settings, secrets(), limits).find("a"))).isEmpty();
  }

  @Test
  void two_clients_of_one_name_are_refused() {
    assertThat(complaints(GOOD, GOOD))
        .containsExactly("clients[1].client_id is given to two clients");
  }

  @Test
  void every_mistake_is_told_at_once() {
    assertThat(complaints("client_id: a", "redirect_uris: ['https://a.example/cb']"))
        .containsExactly(
            "clients[0].redirect_uris must name at least one URI",
            "clients[1].client_id is missing");
  }

  @Test
  void an_unknown_field_is_refused() {
    assertThat(complaints(GOOD + ", redirect_uri: x"))
        .containsExactly("clients[0].redirect_uri is unknown: did you mean redirect_uris?");
  }

  @Test
  void a_name_that_is_too_long_is_refused() {
    assertThat(complaints(GOOD.replace("client_id: a", "client_id: " + "a".repeat(257))))
        .singleElement()
        .asString()
        .startsWith("clients[0].client_id must be at most 256 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client_id: a|client_id: 'a b'|clients[0].client_id must be at most",
        "client_id: a|client_id: u_a|clients[0].client_id must not start with u_",
        "http://localhost/cb|http://a.example/cb|clients[0].redirect_uris[0] must be https",
        "http://localhost/cb|foo:/cb|clients[0].redirect_uris[0] uses the scheme foo",
        "mcp:read|mcp:admin|clients[0].scopes[0] is not among the supported scopes",
      })
  void a_wrong_value_is_refused(String good, String wrong, String complaint) {
    assertThat(complaints(GOOD.replace(good, wrong)))
        .singleElement()
        .asString()
        .startsWith(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "audiences: ['https://other.example']|audiences[0] is not among the allowed audiences",
        "grant_types: [client_credentials]|grant_types[0] is none of authorization_code,"
            + " refresh_token",
        "grant_types: [refresh_token]|grant_types must hold authorization_code",
        "token_endpoint_auth_method: client_secret_basic|token_endpoint_auth_method needs client_s",
        "token_endpoint_auth_method: private_key_jwt|token_endpoint_auth_method needs jwks_file or",
        "token_endpoint_auth_method: tls|token_endpoint_auth_method must be one of client_secret_b",
        "client_secret_file: /nowhere/x|client_secret_file names /nowhere/x, which does not exist",
        "client_secret_env_var: X|client_secret_env_var names the variable X, which is not set",
        "jwks_file: /x|jwks_file names /x, which does not exist",
        "jwks_uri: 'http://a.example/jwks'|jwks_uri must be https",
        "jwks_uri: 'a.example'|jwks_uri must be an absolute URL",
        "pkce: optional|pkce must be required: optional is for clients that have a secret",
        "pkce: never|pkce must be one of optional, required",
        "require_par: sometimes|require_par must be true or false",
        "profile: fapi2|profile is not supported yet",
      })
  void a_wrong_addition_is_refused(String addition, String complaint) {
    assertThat(complaints(GOOD + ", " + addition))
        .first()
        .asString()
        .startsWith("clients[0]." + complaint);
  }

  @Nested
  class That_signs {
    private static final String WEB = "client_id: a, redirect_uris: ['https://a.example/cb']";

    private String keys(String jwks) {
      try {
        return ", jwks_file: " + Files.writeString(folder.resolve("jwks.json"), jwks);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private String good() {
      return keys(SigningClient.jwks(SigningClient.newKey()).encode());
    }

    @Test
    void by_the_keys_of_a_file() {
      var authentication = client(WEB + good()).authentication();
      assertThat(authentication.method()).isEqualTo(Method.PRIVATE_KEY_JWT);
      assertThat(authentication.keys().orElseThrow().listed()).hasSize(1);
    }

    @Test
    void by_the_keys_that_it_publishes() {
      var published = WEB + ", jwks_uri: 'https://a.example/jwks.json'";
      assertThat(client(published).authentication().keys().orElseThrow().url())
          .hasToString("Optional[https://a.example/jwks.json]");
    }

    @Test
    void may_leave_the_challenge_out() {
      assertThat(client(WEB + good() + ", pkce: optional").authentication().requiresPkce())
          .isFalse();
    }

    @Test
    void comes_back_to_the_web_only() {
      assertThat(complaints(GOOD + good())).singleElement().asString().contains("must be https");
    }

    @Test
    void has_no_secret_besides() {
      assertThat(complaints(CONFIDENTIAL + good()))
          .singleElement()
          .asString()
          .contains("token_endpoint_auth_method is for a secret or for keys");
    }

    @Test
    void uses_no_other_method() {
      assertThat(complaints(WEB + good() + ", token_endpoint_auth_method: none"))
          .singleElement()
          .asString()
          .contains("token_endpoint_auth_method must be private_key_jwt where there are keys");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "[]|must be a JSON object",
          "{}|must hold an array of 1 to 10 keys",
          "{\"keys\": []}|must hold an array of 1 to 10 keys",
          "{\"keys\": [{\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}]}|shows a private or shared key",
          "{\"keys\": [{\"kty\": \"odd\"}]}|holds no key that verifies here"
        })
    void needs_keys_that_verify(String jwks, String complaint) {
      assertThat(complaints(WEB + keys(jwks))).singleElement().asString().contains(complaint);
    }

    @Test
    void shows_no_private_key() {
      var whole = new com.nimbusds.jose.jwk.JWKSet(SigningClient.newKey()).toString(false);
      assertThat(complaints(WEB + keys(whole)))
          .singleElement()
          .asString()
          .contains("shows a private or shared key");
    }
  }
}
