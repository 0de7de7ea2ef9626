package dev.keyturn.operator.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Look-alikes of what ToolHive documents, and what becomes of each.
 *
 * <p>{@code -Dkeyturn.write=true} writes the results anew.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConversionTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/keyturn/operator/convert");
  private static final String HEAD =
      "apiVersion: toolhive.stacklok.dev/v1beta1\nkind: MCPExternalAuthConfig\n";

  static List<Path> files() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static Converted converted(String file, String text) {
    return new Conversion(new Rules(new SecureRandom(), Clock.systemUTC()))
        .add(file, text)
        .convert();
  }

  private static Converted converted(Path file) throws IOException {
    return converted(file.getFileName().toString(), Files.readString(file));
  }

  @ParameterizedTest
  @MethodSource("files")
  void a_file_becomes_what_was_read_once(Path file) throws IOException {
    var converted = converted(file);
    var text =
        converted.yaml()
            + converted.losses().stream()
                .map(loss -> "# " + loss + "\n")
                .collect(Collectors.joining());
    var expected = Path.of(file.toString().replace(".yaml", ".txt"));
    if (Boolean.getBoolean("keyturn.write")) {
      Files.writeString(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));
  }

  @ParameterizedTest
  @MethodSource("files")
  void every_object_is_converted_or_named(Path file) throws IOException {
    var converted = converted(file);
    var absorbed = List.of("MCPOIDCConfig own-issuer");
    for (var manifest : Manifest.read("f", Files.readString(file))) {
      var name = manifest.kind() + " " + manifest.name();
      assertThat(
              converted.objects().stream()
                      .anyMatch(one -> one.at("/metadata/name").asText().equals(manifest.name()))
                  || converted.losses().stream().anyMatch(loss -> loss.object().equals(name))
                  || absorbed.contains(name))
          .as(name)
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void what_is_written_is_read_back_as_it_is(Path file) throws IOException {
    var resources = new Resources();
    for (var manifest : Manifest.read("f", converted(file).yaml())) {
      var type =
          manifest.kind().equals(McpServer.KIND) ? McpServer.class : ExternalAuthConfig.class;
      assertThat(resources.write(resources.read(manifest.tree(), type))).isEqualTo(manifest.tree());
    }
  }

  @Test
  void no_word_of_a_secret_is_repeated() throws IOException {
    var converted = converted(FOLDER.resolve("not-convertible.yaml"));
    assertThat(converted.yaml() + converted.losses()).doesNotContain("never-printed");
  }

  @Test
  void client_documents_stay_off_where_nothing_is_said_of_them() throws IOException {
    assertThat(converted(FOLDER.resolve("github.yaml")).yaml())
        .contains("cimd:\n      enabled: false");
  }

  @Test
  void what_would_be_refused_is_named_and_not_printed() {
    var converted =
        converted(
            "a.yaml",
            HEAD
                + """
                metadata: {name: login}
                spec:
                  type: embeddedAuthServer
                  embeddedAuthServer:
                    issuer: https://mcp.example.com/
                    upstreamProviders:
                      - name: company
                        type: oidc
                        oidcConfig: {issuerUrl: https://login.example.org, clientId: mcp}
                """);
    assertThat(converted.objects()).isEmpty();
    assertThat(converted.losses())
        .singleElement()
        .hasToString(
            "a.yaml: MCPExternalAuthConfig login spec.embeddedAuthServer.issuer: must not end with"
                + " a slash: write https://mcp.example.com");
  }

  @Test
  void a_value_of_another_kind_is_named() {
    var converted =
        converted(
            "a.yaml", HEAD + "metadata: {name: x}\nspec: {type: bearerToken, bearerToken: 7}");
    assertThat(converted.losses())
        .singleElement()
        .asString()
        .startsWith("a.yaml: MCPExternalAuthConfig x spec: cannot be read: ");
  }

  @Test
  void a_name_that_is_no_label_is_named() {
    assertThat(
            converted("a.yaml", HEAD + "metadata: {name: a.b}\nspec: {type: unauthenticated}")
                .losses())
        .singleElement()
        .asString()
        .contains("metadata.name: must be a DNS label");
  }

  @Test
  void a_list_is_taken_apart() {
    assertThat(
            converted(
                    "a.json",
                    """
                    {"kind": "List", "apiVersion": "v1", "items": [
                      {"apiVersion": "toolhive.stacklok.dev/v1beta1", "kind": "MCPExternalAuthConfig",
                       "metadata": {"name": "x"}, "spec": {"type": "unauthenticated"}}]}
                    """)
                .objects())
        .hasSize(1);
  }

  @Test
  void a_file_that_cannot_be_read_is_named_with_the_place() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> converted("a.yaml", "a: [\n"))
        .withMessageStartingWith("a.yaml: line ");
  }

  @Test
  void an_alias_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> converted("a.yaml", "a: &x 1\nb: *x\n"))
        .withMessageContaining("aliases are not supported");
  }
}
