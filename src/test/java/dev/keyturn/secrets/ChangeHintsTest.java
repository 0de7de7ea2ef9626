package dev.keyturn.secrets;

import static dev.keyturn.given.Mount.bytes;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.keyturn.given.Mount;
import dev.keyturn.given.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ChangeHintsTest {
  @TempDir private Path folder;

  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final ChangeHints hints = new ChangeHints(() -> heard.add("hint"));

  @AfterEach
  void close() {
    hints.close();
  }

  private Mount mount(String name) {
    var mount = new Mount(folder.resolve(name));
    mount.swap("key", "1");
    return mount;
  }

  private void watch(Mount mount) {
    hints.watch(Set.of(mount.directory()));
  }

  private void assertHeard() throws InterruptedException {
    assertThat(heard.poll(Patience.SECONDS, Patience.UNIT)).isEqualTo("hint");
  }

  @Test
  void a_swap_gives_a_hint() throws InterruptedException {
    var mount = mount("a");
    watch(mount);
    mount.swap("key", "2");
    assertHeard();
  }

  @Test
  void every_swap_gives_a_hint() throws InterruptedException {
    var mount = mount("a");
    watch(mount);
    for (int i = 0; i < 3; i++) {
      mount.swap("key", "n" + i);
      assertHeard();
    }
  }

  @Test
  void a_rename_gives_a_hint() throws InterruptedException {
    var mount = mount("a");
    watch(mount);
    mount.renameOver("key", bytes("2"));
    assertHeard();
  }

  @Test
  void a_directory_that_went_and_came_back_gives_hints_again() throws InterruptedException {
    var mount = mount("a");
    watch(mount);
    mount.unmount();
    assertHeard();
    mount.swap("key", "2");
    watch(mount);
    mount.swap("key", "3");
    assertHeard();
  }

  @Test
  void a_directory_may_be_missing() {
    assertThatNoException().isThrownBy(() -> hints.watch(Set.of(folder.resolve("none"))));
  }

  @Test
  void a_directory_is_watched_beside_a_missing_one() throws InterruptedException {
    var mount = mount("a");
    hints.watch(Set.of(folder.resolve("none"), mount.directory()));
    mount.swap("key", "2");
    assertHeard();
  }

  @Test
  void one_directory_by_two_names_stays_watched_when_one_name_is_dropped() throws Exception {
    var mount = mount("a");
    var link = Files.createSymbolicLink(folder.resolve("link"), mount.directory());
    hints.watch(Set.of(link, mount.directory()));
    hints.watch(Set.of(link));
    mount.swap("key", "2");
    assertHeard();
  }

  @Test
  void whoever_does_not_take_a_hint_is_given_the_next_one() throws InterruptedException {
    var mount = mount("a");
    var failing = new LinkedBlockingQueue<String>();
    try (var stubborn = new ChangeHints(() -> fail(failing))) {
      stubborn.watch(Set.of(mount.directory()));
      for (int i = 0; i < 2; i++) {
        mount.swap("key", "n" + i);
        assertThat(failing.poll(Patience.SECONDS, Patience.UNIT)).isEqualTo("hint");
      }
    }
  }

  private static void fail(LinkedBlockingQueue<String> told) {
    told.add("hint");
    throw new IllegalStateException("nobody is there");
  }

  @Test
  void closing_ends_the_thread() {
    var one = new ChangeHints(() -> {});
    var before = threads();
    one.close();
    await().until(() -> threads() < before);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("keyturn-change-hints"))
        .count();
  }

  @Test
  void it_may_be_closed_twice_and_asked_afterwards() {
    hints.close();
    assertThatNoException()
        .isThrownBy(
            () -> {
              hints.close();
              hints.watch(Set.of(folder));
            });
  }
}
