package dev.keyturn.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.given.Mount;
import dev.keyturn.given.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DiskTest {
  private final SecretFiles disk = new Disk();

  @TempDir private Path folder;

  private Path file(String name, int length) throws IOException {
    return Files.write(folder.resolve(name), new byte[length]);
  }

  @Nested
  class A_file {
    @Test
    void is_read_up_to_its_bound() throws IOException {
      assertThat(disk.read(file("secret", SecretFiles.MAX_LENGTH))).hasSize(SecretFiles.MAX_LENGTH);
    }

    @Test
    void is_refused_above_it() throws IOException {
      var large = file("secret", SecretFiles.MAX_LENGTH + 1);
      assertThatThrownBy(() -> disk.read(large))
          .isInstanceOf(UnfitFileException.class)
          .hasMessage("is larger than 64 KiB");
    }

    @Test
    void may_be_longer_if_it_is_the_configuration() throws IOException {
      assertThat(disk.readDocument(file("keyturn.yaml", SecretFiles.MAX_DOCUMENT)))
          .hasSize(SecretFiles.MAX_DOCUMENT);
    }

    @Test
    void is_refused_above_the_bound_of_a_configuration() throws IOException {
      var large = file("keyturn.yaml", SecretFiles.MAX_DOCUMENT + 1);
      assertThatThrownBy(() -> disk.readDocument(large))
          .isInstanceOf(UnfitFileException.class)
          .hasMessage("is larger than 1 MiB");
    }

    @Test
    void is_not_a_directory() {
      assertThatThrownBy(() -> disk.read(folder))
          .isInstanceOf(UnfitFileException.class)
          .hasMessage("is not a regular file");
    }

    @Test
    @Timeout(120)
    void is_not_a_pipe_that_would_hold_its_reader() throws Exception {
      var pipe = folder.resolve("pipe");
      assumeTrue(made("mkfifo", pipe), "there is no mkfifo");
      assertThatThrownBy(() -> disk.read(pipe)).isInstanceOf(UnfitFileException.class);
    }

    private boolean made(String command, Path path) throws Exception {
      try {
        var process = new ProcessBuilder(command, path.toString()).start();
        return process.waitFor(Patience.SECONDS, Patience.UNIT) && process.exitValue() == 0;
      } catch (IOException e) {
        return false;
      }
    }

    @Test
    void is_missing_where_a_link_leads_nowhere() throws IOException {
      var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
      assertThatThrownBy(() -> disk.read(link)).isInstanceOf(NoSuchFileException.class);
    }
  }

  @Nested
  class A_directory {
    @Test
    void is_listed_in_byte_order_of_names() throws IOException {
      for (var name : new String[] {"b", "\uD83D\uDD11", "B", "\uFF41", "a.pem"}) {
        file(name, 1);
      }
      assertThat(disk.list(folder))
          .extracting(path -> path.getFileName().toString())
          .containsExactly("B", "a.pem", "b", "\uFF41", "\uD83D\uDD11");
    }

    @Test
    void is_listed_as_its_keys_where_it_is_a_mount() throws IOException {
      var mount = new Mount(folder.resolve("keys"));
      mount.swap("a.pem", "1", "b.pem", "1");
      assertThat(disk.list(mount.directory()))
          .containsExactly(mount.file("a.pem"), mount.file("b.pem"));
    }

    @Test
    void is_listed_without_directories_and_links_to_nowhere() throws IOException {
      Files.createDirectory(folder.resolve("c.pem"));
      Files.createSymbolicLink(folder.resolve("d.pem"), Path.of("nowhere"));
      file("..e.pem", 1);
      assertThat(disk.list(folder)).isEmpty();
    }

    @Test
    void is_refused_where_it_holds_too_much() throws IOException {
      for (int i = 0; i <= SecretFiles.MAX_FILES; i++) {
        file("f" + i, 0);
      }
      assertThatThrownBy(() -> disk.list(folder))
          .isInstanceOf(UnfitFileException.class)
          .hasMessage("holds more than 1000 files");
    }

    @Test
    void is_missing() {
      assertThatThrownBy(() -> disk.list(folder.resolve("none")))
          .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void is_not_a_file() throws IOException {
      var file = file("file", 1);
      assertThatThrownBy(() -> disk.list(file)).isInstanceOf(NotDirectoryException.class);
    }
  }

  @Nested
  class An_identity {
    @Test
    void stays_while_the_file_does() throws IOException {
      var file = file("secret", 1);
      assertThat(disk.identity(file)).isEqualTo(disk.identity(file));
    }

    @Test
    void is_another_one_after_each_swap_even_of_the_same_content() throws IOException {
      var mount = new Mount(folder.resolve("mount"));
      mount.swap("a", "1");
      var before = disk.identity(mount.file("a"));
      mount.swap("a", "1");
      assertThat(disk.identity(mount.file("a"))).isNotEqualTo(before);
    }

    @Test
    void of_a_directory_does_not_tell_of_its_other_files() throws IOException {
      var before = disk.identity(folder);
      file("log", 1);
      assertThat(disk.identity(folder)).isEqualTo(before);
    }
  }
}
