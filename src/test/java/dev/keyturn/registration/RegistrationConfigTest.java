package dev.keyturn.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RegistrationConfigTest {
  private final Findings findings = new Findings();

  private Optional<RegistrationConfig> read(String fields) {
    var settings =
        Settings.parse("registration: {" + fields + "}", Path.of("/etc/keyturn"), findings);
    var config = RegistrationConfig.from(settings.child("registration"));
    settings.refuseUnknown();
    return config;
  }

  @Test
  void is_open_to_strangers_unless_told_otherwise() {
    assertThat(read(""))
        .contains(
            new RegistrationConfig(
                true, Duration.ofHours(24), 10_000, Scopes.NONE, RedirectUri.EDITOR_SCHEMES));
  }

  @Test
  void reads_every_field() {
    var fields =
        "enabled: false, unused_ttl: 2h, max_clients: 5, scopes: [a], schemes: [mytool],"
            + " initial_access_token_file: ''";
    assertThat(read(fields))
        .contains(
            new RegistrationConfig(
                false, Duration.ofHours(2), 5, Scopes.parse("a"), Set.of("mytool")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "initial_access_token_file: /x|initial_access_token_file is not supported yet",
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
}
