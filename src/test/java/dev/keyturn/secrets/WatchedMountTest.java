package dev.keyturn.secrets;

import static dev.keyturn.given.Mount.bytes;
import static dev.keyturn.secrets.Pair.padded;
import static dev.keyturn.secrets.Pair.settled;
import static dev.keyturn.secrets.Pair.swap;
import static dev.keyturn.secrets.Pair.told;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.given.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files, changed in the ways in which files are changed. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WatchedMountTest {
  @TempDir private Path folder;

  private Mount mount;
  private WatchedFiles<Pair> watched;

  @BeforeEach
  void one_is_in_force() {
    mount = new Mount(folder.resolve("secret"));
    watched = Pair.watchedIn(mount.directory());
    swap(mount, "one");
    watched.look();
  }

  @Nested
  class A_kubelet {
    @Test
    void swaps_a_generation() {
      swap(mount, "two");
      assertThat(settled(watched)).isEqualTo("accepted two");
    }

    @Test
    void swaps_the_same_once_more() {
      swap(mount, "one");
      assertThat(settled(watched)).isEqualTo("unchanged");
    }

    @Test
    void takes_a_key_away_and_brings_it_back() {
      mount.swap("first", padded("one"));
      assertThat(settled(watched)).isEqualTo("rejected [second_file]");
      swap(mount, "one");
      assertThat(settled(watched)).isEqualTo("recovered");
    }

    @Test
    void swaps_a_thousand_times_a_third_of_them_broken() {
      var seen = IntStream.rangeClosed(1, 1000).mapToObj(this::swapped).toList();
      assertThat(seen)
          .isEqualTo(
              IntStream.rangeClosed(1, 1000)
                  .mapToObj(i -> isBroken(i) ? "rejected [second_file]" : "accepted n" + i)
                  .toList());
    }

    private String swapped(int number) {
      var name = "n" + number;
      mount.swap("first", padded(name), "second", isBroken(number) ? name : padded(name));
      return settled(watched);
    }

    private boolean isBroken(int number) {
      return number % 3 == 0;
    }
  }

  @Nested
  class An_editor {
    @Test
    void renames_a_new_file_over_the_old_one() {
      mount.renameOver("first", bytes(padded("two")));
      mount.renameOver("second", bytes(padded("two")));
      assertThat(settled(watched)).isEqualTo("accepted two");
    }

    @Test
    void saves_what_was_there_before() {
      mount.renameOver("first", bytes(padded("one")));
      assertThat(settled(watched)).isEqualTo("unchanged");
    }
  }

  @Nested
  class A_slow_writer {
    @Test
    void is_not_taken_halfway() {
      var seen = new ArrayList<String>();
      for (int length : List.of(0, 20, 40, 63, 64)) {
        mount.writeInPlace("first", bytes(padded("two").substring(0, length)));
        seen.add(told(watched.look()));
      }
      assertThat(seen).containsOnly("unsettled");
    }

    @Test
    void is_taken_when_both_files_are_written() {
      mount.writeInPlace("first", bytes(padded("two").substring(0, 40)));
      watched.look();
      mount.writeInPlace("first", bytes(padded("two")));
      watched.look();
      mount.writeInPlace("second", bytes(padded("two")));
      assertThat(settled(watched)).isEqualTo("accepted two");
    }

    @Test
    void that_stops_too_early_is_refused() {
      mount.writeInPlace("first", bytes("two"));
      assertThat(settled(watched)).isEqualTo("rejected [first_file]");
    }
  }

  @Nested
  class A_link {
    @Test
    void leads_elsewhere_now() throws IOException {
      var other = new Mount(folder.resolve("other"));
      swap(other, "two");
      var link = Files.createSymbolicLink(folder.resolve("link"), mount.directory());
      var through = Pair.watchedIn(link);
      through.look();
      var next = Files.createSymbolicLink(folder.resolve("next"), other.directory());
      Files.move(next, link, ATOMIC_MOVE);
      assertThat(settled(through)).isEqualTo("accepted two");
    }

    @Test
    void leads_to_itself() throws IOException {
      mount.delete("first");
      Files.createSymbolicLink(mount.file("first"), Path.of("first"));
      assertThat(settled(watched)).isEqualTo("rejected [first_file]");
    }
  }

  @Nested
  class A_mount {
    @Test
    void that_is_gone_leaves_the_last_generation_in_force() {
      mount.unmount();
      assertThat(settled(watched)).isEqualTo("rejected [first_file, second_file]");
      assertThat(told(watched.look())).isEqualTo("unchanged");
    }

    @Test
    void that_comes_back_with_the_same_has_recovered() {
      mount.unmount();
      settled(watched);
      swap(mount, "one");
      assertThat(settled(watched)).isEqualTo("recovered");
    }

    @Test
    void that_comes_back_with_another_content_is_taken() {
      mount.unmount();
      settled(watched);
      swap(mount, "two");
      assertThat(settled(watched)).isEqualTo("accepted two");
    }

    @Test
    void that_comes_later_than_the_server_is_taken() {
      var late = new Mount(folder.resolve("late"));
      var early = Pair.watchedIn(late.directory());
      assertThat(settled(early)).isEqualTo("rejected [first_file, second_file]");
      swap(late, "one");
      assertThat(settled(early)).isEqualTo("accepted one");
    }
  }

  @Nested
  class A_file {
    @Test
    void that_is_a_directory_is_refused() throws IOException {
      mount.delete("first");
      Files.createDirectory(mount.file("first"));
      assertThat(settled(watched)).isEqualTo("rejected [first_file]");
    }

    @Test
    void that_is_too_large_is_refused() {
      mount.swap("first", "x".repeat(SecretFiles.MAX_LENGTH + 1), "second", padded("two"));
      assertThat(settled(watched)).isEqualTo("rejected [first_file]");
    }

    @Test
    void that_may_not_be_read_for_a_while_has_recovered() throws IOException {
      mount.renameOver("first", bytes(padded("one")));
      permit("---------");
      assumeTrue(!Files.isReadable(mount.file("first")), "this user may read everything");
      assertThat(settled(watched)).isEqualTo("rejected [first_file]");
      permit("rw-r--r--");
      assertThat(settled(watched)).isEqualTo("recovered");
    }

    private void permit(String permissions) throws IOException {
      Files.setPosixFilePermissions(
          mount.file("first"), PosixFilePermissions.fromString(permissions));
    }
  }
}
