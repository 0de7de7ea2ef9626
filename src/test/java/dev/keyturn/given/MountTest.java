package dev.keyturn.given;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixture looks like what a kubelet leaves. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MountTest {
  @TempDir private Path folder;

  @Test
  void a_key_leads_through_data_into_a_directory_of_its_time() throws IOException {
    var mount = new Mount(folder.resolve("secret"));
    mount.swap("a", "1");
    assertThat(Files.readSymbolicLink(mount.file("a"))).isEqualTo(Path.of("..data/a"));
    assertThat(Files.readSymbolicLink(mount.file("..data")).toString()).startsWith("..2026_");
  }

  @Test
  void a_swap_leaves_the_new_keys_only() throws IOException {
    var mount = new Mount(folder.resolve("secret"));
    mount.swap("a", "1", "b", "1");
    mount.swap("b", "2", "c", "2");
    try (var entries = Files.list(mount.directory())) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .containsExactlyInAnyOrder("..2026_11_23_12_00_00.000000002", "..data", "b", "c");
    }
    assertThat(mount.file("b")).hasContent("2");
  }

  @Test
  void an_unmounted_one_can_come_back() {
    var mount = new Mount(folder.resolve("secret"));
    mount.swap("a", "1");
    mount.unmount();
    assertThat(mount.directory()).doesNotExist();
    mount.swap("a", "2");
    assertThat(mount.file("a")).hasContent("2");
  }
}
