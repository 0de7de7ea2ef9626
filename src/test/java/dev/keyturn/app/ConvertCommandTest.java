package dev.keyturn.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConvertCommandTest {
  private static final String FINE =
      """
      apiVersion: toolhive.stacklok.dev/v1beta1
      kind: MCPExternalAuthConfig
      metadata: {name: nothing}
      spec: {type: unauthenticated}
      """;
  private static final String OURS =
      """
      ---
      apiVersion: keyturn.dev/v1beta1
      kind: MCPExternalAuthConfig
      metadata:
        name: nothing
      spec:
        type: unauthenticated
      """;

  @TempDir private Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void it_prints_our_resources_and_nothing_else() throws IOException {
    var run = GivenCommand.run("convert", "--strict", file("a.yaml", FINE));
    assertThat(run.out()).isEqualTo(OURS);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
  }

  @Test
  void several_files_are_one_text() throws IOException {
    var other = FINE.replace("nothing", "other");
    var run = GivenCommand.run("convert", file("a.yaml", FINE), file("b.yaml", other));
    assertThat(run.out()).isEqualTo(OURS + OURS.replace("nothing", "other"));
  }

  @Test
  void what_has_no_counterpart_is_a_line_on_standard_error() throws IOException {
    var file = file("a.yaml", FINE.replace("unauthenticated", "obo"));
    var run = GivenCommand.run("convert", file);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(file + ": MCPExternalAuthConfig nothing spec.type: obo has no counterpart\n");
    assertThat(run.exit()).isZero();
  }

  @Test
  void whoever_is_strict_is_told_by_the_exit_code() throws IOException {
    var file = file("a.yaml", FINE.replace("unauthenticated", "obo"));
    assertThat(GivenCommand.run("convert", "--strict", file).exit()).isEqualTo(1);
  }

  @Test
  void a_dash_is_standard_input() {
    var before = System.in;
    System.setIn(new ByteArrayInputStream(FINE.getBytes(UTF_8)));
    try {
      assertThat(GivenCommand.run("convert", "-").out()).isEqualTo(OURS);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    var run = GivenCommand.run("convert", folder.resolve("none.yaml").toString());
    assertThat(run.err()).isEqualTo("keyturn: there is no file " + folder + "/none.yaml\n");
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void a_file_that_is_too_large_is_refused() throws IOException {
    var run = GivenCommand.run("convert", file("a.yaml", "#".repeat(4 * 1024 * 1024 + 1)));
    assertThat(run.err()).endsWith("a.yaml: is larger than 4 MiB\n");
  }

  @Test
  void without_a_file_the_command_line_is_wrong() {
    assertThat(GivenCommand.run("convert").exit()).isEqualTo(2);
  }
}
