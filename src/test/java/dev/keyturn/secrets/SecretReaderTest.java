package dev.keyturn.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Secret;
import dev.keyturn.config.SecretRef;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SecretReaderTest {
  private static final Path FILE = Path.of("/s/file");

  private final FakeFiles files = new FakeFiles();
  private final Findings findings = new Findings();
  private final SecretReader reader =
      new SecretReader(files, Map.of("VARIABLE", " from-env "), findings);

  private List<String> errors() {
    return findings.errors().stream().map(Finding::toString).toList();
  }

  @Test
  void a_secret_in_text_comes_without_the_blanks_around_it() {
    files.with("/s/file", " s3cr3t\r\n");
    assertThat(reader.text(new SecretRef.File("x_file", FILE)).map(Secret::value))
        .contains("s3cr3t");
  }

  @Test
  void a_secret_may_be_a_variable() {
    assertThat(reader.text(new SecretRef.Variable("x_env_var", "VARIABLE")).map(Secret::value))
        .contains("from-env");
  }

  @Test
  void an_hmac_secret_loses_one_newline() {
    files.with("/s/file", "h".repeat(32) + "\n\n");
    assertThat(reader.hmac("x", FILE).orElseThrow()).hasSize(33);
  }

  @Test
  void a_sealing_key_may_be_base64() {
    files.with("/s/file", "A".repeat(43) + "=\n");
    assertThat(reader.sealingKey("x", FILE)).contains(new byte[32]);
  }

  @Test
  void a_directory_is_listed() {
    files.with("/s/b.pem", "").with("/s/a.pem", "").with("/t/c.pem", "");
    assertThat(reader.list("key_dir", Path.of("/s")))
        .contains(List.of(Path.of("/s/a.pem"), Path.of("/s/b.pem")));
  }

  @Test
  void a_directory_that_is_too_full_is_found() {
    files.failing("/s", new UnfitFileException("holds more than 1000 files"));
    reader.list("key_dir", Path.of("/s"));
    assertThat(errors()).containsExactly("key_dir names /s, which holds more than 1000 files");
  }

  @Test
  void a_missing_file_is_found() {
    reader.bytes("x_file", FILE);
    assertThat(errors()).containsExactly("x_file names /s/file, which does not exist");
  }

  @Test
  void a_file_that_is_too_large_is_found() {
    files.failing("/s/file", new UnfitFileException("is larger than 64 KiB"));
    reader.bytes("x_file", FILE);
    assertThat(errors()).containsExactly("x_file names /s/file, which is larger than 64 KiB");
  }

  @Test
  void a_file_that_may_not_be_read_is_found() {
    files.failing("/s/file", new AccessDeniedException("/s/file"));
    reader.bytes("x_file", FILE);
    assertThat(errors())
        .containsExactly("x_file names /s/file, which cannot be read: AccessDeniedException");
  }

  @Test
  void a_broken_disk_is_found() {
    files.failing("/s/file", new FileSystemException("/s/file", "", "Input/output error"));
    reader.bytes("x_file", FILE);
    assertThat(errors())
        .containsExactly("x_file names /s/file, which cannot be read: FileSystemException");
  }

  @Test
  void no_finding_shows_any_content() {
    files.with("/s/file", "marker");
    reader.hmac("x", FILE);
    reader.sealingKey("x", FILE);
    assertThat(errors()).hasSize(2).noneMatch(error -> error.contains("marker"));
  }
}
