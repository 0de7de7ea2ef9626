package dev.keyturn.app.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.config.Finding;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Look;
import dev.keyturn.secrets.Reading;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.secrets.UnfitFileException;
import dev.keyturn.secrets.WatchedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LatestDocumentTest {
  private static final Path NAME = Path.of("kubernetes:configmap/mcp/keyturn/config.yaml");

  private final LatestDocument latest = new LatestDocument(NAME, new Disk());

  @TempDir private Path folder;

  @Test
  void is_read_by_its_name() throws IOException {
    latest.holds("issuer: ü");
    assertThat(latest.readDocument(NAME)).isEqualTo("issuer: ü".getBytes(UTF_8));
  }

  @Test
  void what_cannot_be_read_says_why() {
    latest.holds("issuer: a");
    latest.lacks("nobody is there");
    assertThatThrownBy(() -> latest.readDocument(NAME))
        .isInstanceOf(UnfitFileException.class)
        .hasMessage("cannot be read: nobody is there");
  }

  @Test
  void before_the_first_answer_there_is_none() {
    assertThatThrownBy(() -> latest.readDocument(NAME)).hasMessage("has not been read yet");
  }

  @Test
  void is_no_secret() {
    latest.holds("issuer: a");
    assertThatThrownBy(() -> latest.read(NAME)).isInstanceOf(IOException.class);
  }

  @Test
  void other_files_are_those_of_the_disk() throws IOException {
    var file = Files.writeString(folder.resolve("secret"), "s");
    assertThat(latest.read(file)).isEqualTo("s".getBytes(UTF_8));
    assertThat(latest.readDocument(file)).isEqualTo("s".getBytes(UTF_8));
    assertThat(latest.list(folder)).containsExactly(file);
    assertThat(latest.identity(file)).isEqualTo(new Disk().identity(file));
  }

  /** As a server follows it. */
  @Nested
  class Watched {
    private final WatchedFiles<String> watched = new WatchedFiles<>(latest, this::reading);

    private Reading<String> reading(SecretFiles files) {
      try {
        return new Reading.Good<>(new String(files.readDocument(NAME), UTF_8));
      } catch (IOException e) {
        return new Reading.Bad<>(
            List.of(new Finding(Finding.Severity.ERROR, "", String.valueOf(e.getMessage()))));
      }
    }

    private Look<String> settled() {
      var look = watched.look();
      return look instanceof Look.Unsettled ? watched.look() : look;
    }

    private void begin() {
      latest.holds("a");
      watched.look();
    }

    @Test
    void a_change_is_a_new_generation() {
      begin();
      latest.holds("b");
      assertThat(settled())
          .isInstanceOfSatisfying(
              Look.Accepted.class, look -> assertThat(look.generation().value()).isEqualTo("b"));
    }

    @Test
    void a_failure_is_refused_with_its_reason() {
      begin();
      latest.lacks("nobody is there");
      assertThat(settled())
          .isInstanceOfSatisfying(
              Look.Rejected.class,
              look ->
                  assertThat(look.errors().toString()).contains("cannot be read: nobody is there"));
    }

    @Test
    void a_failure_that_lasts_is_told_once() {
      begin();
      latest.lacks("nobody is there");
      settled();
      latest.lacks("nobody is there");
      assertThat(settled()).isInstanceOf(Look.Unchanged.class);
    }

    @Test
    void another_reason_is_told_again() {
      begin();
      latest.lacks("nobody is there");
      settled();
      latest.lacks("somebody else is there");
      assertThat(settled()).isInstanceOf(Look.Rejected.class);
    }

    @Test
    void the_same_text_afterwards_ends_the_refusal() {
      begin();
      latest.lacks("nobody is there");
      settled();
      latest.holds("a");
      assertThat(settled()).isInstanceOf(Look.Recovered.class);
    }

    @Test
    void another_text_afterwards_is_a_new_generation() {
      begin();
      latest.lacks("nobody is there");
      settled();
      latest.holds("b");
      assertThat(settled()).isInstanceOf(Look.Accepted.class);
    }
  }
}
