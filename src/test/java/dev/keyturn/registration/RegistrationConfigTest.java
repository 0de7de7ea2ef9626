package dev.keyturn.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.secrets.SecretReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
class RegistrationConfigTest {
  private final Findings findings = new Findings();

  private Optional<RegistrationConfig> read(String fields) {
    return readAll("registration: {" + fields + "}");
  }

  private Optional<RegistrationConfig> readAll(String document) {
    var settings = Settings.parse(document, Path.of("/etc/keyturn"), findings);
    var config = RegistrationConfig.from(settings, new SecretReader(Map.of(), findings));
    settings.text("issuer");
    settings.refuseUnknown();
    return config;
  }

  @Test
  void is_open_to_strangers_unless_told_otherwise() {
    assertThat(read(""))
        .contains(
            new RegistrationConfig(
                true,
                Optional.empty(),
                Duration.ofHours(24),
                10_000,
                Scopes.NONE,
                RedirectUri.EDITOR_SCHEMES,
                ConfidentialRegistration.NONE));
  }

  @Test
  void reads_every_field() {
    var fields =
        "enabled: false, unused_ttl: 2h, max_clients: 5, scopes: [a], schemes: [mytool],"
            + " initial_access_token_file: ''";
    assertThat(read(fields))
        .contains(
            new RegistrationConfig(
                false,
                Optional.empty(),
                Duration.ofHours(2),
                5,
                Scopes.parse("a"),
                Set.of("mytool"),
                ConfidentialRegistration.NONE));
  }

  @Nested
  class The_initial_access_token {
    private static final String TOKEN = "0123456789abcdef-._~+/0123456789";

    @TempDir private Path folder;

    private Optional<InitialAccessToken> token(String content) throws IOException {
      var file = Files.writeString(folder.resolve("token"), content);
      return read("initial_access_token_file: '" + file + "'")
          .flatMap(RegistrationConfig::initialAccessToken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", " \n", "==", "\nsecond line"})
    void is_the_first_line_without_white_space(String more) throws IOException {
      assertThat(token(" " + TOKEN + more))
          .contains(InitialAccessToken.of(TOKEN + (more.equals("==") ? more : "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "short", "0123456789abcdef0123456789abcde", "\n" + TOKEN})
    void that_is_short_is_refused_with_the_bound(String content) throws IOException {
      assertThat(token(content)).isEmpty();
      assertThat(findings.errors().stream().map(Object::toString))
          .containsExactly(
              "registration.initial_access_token_file names "
                  + folder.resolve("token")
                  + ", whose first line must be a token of at least 32 characters of A-Z a-z 0-9 ."
                  + " _ ~ + / -");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "é", "\"", ","})
    void that_no_header_carries_is_refused(String odd) throws IOException {
      assertThat(token(TOKEN + odd + TOKEN)).isEmpty();
    }

    @Test
    void is_not_printed() throws IOException {
      assertThat(token(TOKEN).orElseThrow().toString()).doesNotContain(TOKEN);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "initial_access_token_file: /nowhere/x|initial_access_token_file names /nowhere/x, which"
            + " does not exist",
        "unused_ttl: 1s|unused_ttl must be between 1m and 720h",
        "max_clients: 0|max_clients must be between 1 and 10000000",
        "scopes: ['a b']|scopes[0] must be one scope, without blanks or quotes",
        "schemes: [javascript]|schemes[0] must be a private-use scheme in lower case, such as"
            + " cursor",
        "schemes: [http]|schemes[0] must be a private-use scheme in lower case, such as cursor",
        "schemes: ['a:']|schemes[0] must be a private-use scheme in lower case, such as cursor",
        "max_client: 5|max_client is unknown: did you mean max_clients?",
      })
  void a_wrong_field_is_refused(String field, String complaint) {
    read(field);
    assertThat(findings.errors().stream().map(Object::toString))
        .containsExactly("registration." + complaint);
  }

  @Test
  void secrets_are_given_where_the_configuration_says_so() {
    var document =
        """
        issuer: https://mcp.example.com
        allow_confidential_client_registration: true
        force_confidential_redirect_uris: ["https://agent.example/cb"]
        """;
    assertThat(readAll(document).orElseThrow().confidential())
        .isEqualTo(new ConfidentialRegistration(true, Set.of("https://agent.example/cb")));
  }

  @Test
  void secrets_over_http_on_loopback_need_a_word() {
    var document = "issuer: http://127.0.0.1:8080\nallow_confidential_client_registration: true\n";
    assertThat(readAll(document + "insecure_allow_confidential_over_loopback_http: true"))
        .isPresent();
    assertThat(findings.errors()).isEmpty();
    readAll(document);
    assertThat(findings.errors().stream().map(Object::toString))
        .containsExactly(
            "allow_confidential_client_registration needs an https issuer, or"
                + " insecure_allow_confidential_over_loopback_http: true on loopback");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allow_confidential_client_registration: true; insecure_allow_http: true|"
            + "allow_confidential_client_registration must not be given together with"
            + " insecure_allow_http: secrets would travel in the clear",
        "force_confidential_redirect_uris: ['https://agent.example/cb']|"
            + "force_confidential_redirect_uris needs allow_confidential_client_registration: true",
        "allow_confidential_client_registration: true; force_confidential_redirect_uris:"
            + " ['http://agent.example/cb']|"
            + "force_confidential_redirect_uris[0] must be an https URL that is not on loopback",
        "allow_confidential_client_registration: true; force_confidential_redirect_uris:"
            + " ['https://localhost/cb']|"
            + "force_confidential_redirect_uris[0] must be an https URL that is not on loopback",
      })
  void secrets_that_would_be_worth_nothing_are_refused(String fields, String complaint) {
    readAll("issuer: https://mcp.example.com\n" + fields.replace("; ", "\n"));
    assertThat(findings.errors().stream().map(Object::toString)).containsExactly(complaint);
  }
}
