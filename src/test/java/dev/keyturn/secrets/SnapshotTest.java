package dev.keyturn.secrets;

import static dev.keyturn.given.Mount.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SnapshotTest {
  private static final Path A = Path.of("/s/a");

  private final FakeFiles files = new FakeFiles().with("/s/a", "1");
  private final Snapshot snapshot = new Snapshot(files);

  @Test
  void a_file_is_what_it_was_when_it_was_read_first() throws IOException {
    snapshot.read(A);
    files.with("/s/a", "2");
    assertThat(snapshot.read(A)).isEqualTo(bytes("1"));
  }

  @Test
  void a_document_is_what_it_was_when_it_was_read_first() throws IOException {
    snapshot.readDocument(A);
    files.with("/s/a", "2");
    assertThat(snapshot.readDocument(A)).isEqualTo(bytes("1"));
  }

  @Test
  void a_directory_is_what_it_was_when_it_was_listed_first() throws IOException {
    snapshot.list(Path.of("/s"));
    files.with("/s/b", "1");
    assertThat(snapshot.list(Path.of("/s"))).containsExactly(A);
  }

  @Test
  void what_was_missing_stays_missing() {
    var missing = Path.of("/s/b");
    assertThatThrownBy(() -> snapshot.read(missing)).isInstanceOf(NoSuchFileException.class);
    files.with("/s/b", "1");
    assertThatThrownBy(() -> snapshot.read(missing)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void nobody_changes_what_the_next_one_reads() throws IOException {
    snapshot.read(A)[0] = 'x';
    assertThat(snapshot.read(A)).isEqualTo(bytes("1"));
  }

  @Test
  void it_stands_while_nothing_changes() throws IOException {
    snapshot.read(A);
    snapshot.list(Path.of("/s"));
    assertThat(snapshot.stands()).isTrue();
  }

  @Test
  void it_falls_with_a_content() throws IOException {
    snapshot.read(A);
    files.with("/s/a", "2");
    assertThat(snapshot.stands()).isFalse();
  }

  @Test
  void it_falls_with_a_listing() throws IOException {
    snapshot.list(Path.of("/s"));
    files.with("/s/b", "1");
    assertThat(snapshot.stands()).isFalse();
  }

  @Test
  void it_falls_with_a_failure() throws IOException {
    snapshot.read(A);
    files.failing("/s/a", new AccessDeniedException("/s/a"));
    assertThat(snapshot.stands()).isFalse();
  }

  @Test
  void it_falls_where_another_file_holds_the_same() throws IOException {
    snapshot.read(A);
    files.identified("/s/a", "another");
    assertThat(snapshot.stands()).isFalse();
  }

  @Test
  void a_fingerprint_is_of_contents_alone() throws IOException {
    snapshot.read(A);
    files.identified("/s/a", "another");
    assertThat(snapshot.fingerprint().standsIn(files)).isTrue();
  }

  @Test
  void a_fingerprint_does_not_print() throws IOException {
    snapshot.read(A);
    assertThat(snapshot.fingerprint()).asString().isEqualTo("Fingerprint[of 1 files]");
  }
}
