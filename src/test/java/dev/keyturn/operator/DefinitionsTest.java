package dev.keyturn.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DefinitionsTest {
  private static final Path FOLDER = Path.of("deploy/crds");

  @Test
  void every_file_of_the_folder_is_a_definition() throws IOException {
    try (var files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(Definitions.FILES);
    }
  }

  @Test
  void the_jar_holds_the_files_that_people_read() throws IOException {
    var texts = new StringBuilder();
    for (var file : Definitions.FILES) {
      texts.append(texts.isEmpty() ? "" : "---\n").append(Files.readString(FOLDER.resolve(file)));
    }
    assertThat(Definitions.yaml()).isEqualTo(texts.toString());
  }
}
