package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * The reference of settings and the JSON schema are made of what the reader asks for. After a
 * change run {@code mvn test -Dtest=ConfigurationDocumentsTest -Dkeyturn.write=true} and read the
 * difference.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigurationDocumentsTest {
  private static final Path PAGE = Path.of("docs/configuration.md");
  private static final Path SCHEMA = Path.of("docs/keyturn.schema.json");
  private static final Path MEANINGS =
      Path.of("src/test/resources/dev/keyturn/server/meanings.properties");
  private static final Path MORE = Path.of("src/test/resources/dev/keyturn/server");
  private static final String BEGIN = "<!-- settings: made by ConfigurationDocumentsTest -->\n";
  private static final String END = "<!-- end of settings -->";

  private static Catalogue catalogue() throws IOException {
    var all = new Catalogue();
    for (var example :
        List.of(
            Path.of("conf/full.yaml"),
            Path.of("conf/redis.yaml"),
            MORE.resolve("every-oauth2.yaml"),
            MORE.resolve("planned.yaml"))) {
      var reader = new RunConfigReader(Map.of(), new SecureRandom());
      reader.read(Files.readString(example), Path.of(""));
      all.plus(reader.catalogue().orElseThrow());
    }
    return all;
  }

  private static Properties meanings() throws IOException {
    var meanings = new Properties();
    try (var in = Files.newBufferedReader(MEANINGS)) {
      meanings.load(in);
    }
    return meanings;
  }

  @Test
  void the_page_says_what_the_reader_does() throws IOException {
    var page = Files.readString(PAGE);
    var table = BEGIN + ConfigurationDocuments.table(catalogue(), meanings()) + END;
    var head = page.substring(0, page.indexOf(BEGIN));
    var tail = page.substring(page.indexOf(END) + END.length());
    if (Boolean.getBoolean("keyturn.write")) {
      Files.writeString(PAGE, head + table + tail);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(head + table + tail);
  }

  @Test
  void the_schema_says_what_the_reader_does() throws IOException {
    var schema = ConfigurationDocuments.schema(catalogue(), meanings()).encodePrettily() + "\n";
    if (Boolean.getBoolean("keyturn.write")) {
      Files.writeString(SCHEMA, schema);
    }
    assertThat(Files.readString(SCHEMA)).isEqualTo(schema);
  }

  @Test
  void every_setting_has_a_meaning_and_no_other_has() throws IOException {
    var known =
        catalogue().fields().stream()
            .filter(field -> field.kind() != Catalogue.Kind.MAPPING)
            .map(Catalogue.Field::path)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(new TreeSet<>(meanings().stringPropertyNames())).isEqualTo(known);
  }

  @Test
  void the_full_examples_hold_every_setting_that_is_built() throws IOException {
    var text =
        Files.readString(Path.of("conf/full.yaml")) + Files.readString(Path.of("conf/redis.yaml"));
    var names =
        catalogue().fields().stream()
            .filter(field -> !meaning(field).startsWith("Planned"))
            .map(field -> field.path().replaceAll(".*\\.", "").replace("[]", ""))
            .filter(name -> !OTHER_KIND.contains(name))
            .toList();
    assertThat(names).allSatisfy(name -> assertThat(text).contains(name));
  }

  /** What an OpenID upstream with a file for its secret has no use for. */
  private static final List<String> OTHER_KIND =
      List.of(
          "oauth2_config",
          "authorization_endpoint",
          "token_endpoint",
          "revocation_endpoint",
          "userinfo",
          "tenants",
          "hosted_domains",
          "subjects",
          "client_secret_env_var",
          "client_key_env_var",
          "initial_access_token_env_var",
          "username_env_var",
          "password_env_var",
          "token_response_mapping",
          "access_token_path",
          "refresh_token_path",
          "expires_in_path",
          "scope_path",
          "identity_from_token",
          "subject_path",
          "name_path",
          "email_path",
          "algorithm");

  private static String meaning(Catalogue.Field field) {
    try {
      return meanings().getProperty(field.path(), "Planned");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
