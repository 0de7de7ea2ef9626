package dev.keyturn.secrets;

import static dev.keyturn.secrets.Pair.settled;
import static dev.keyturn.secrets.Pair.swap;
import static dev.keyturn.secrets.Pair.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One thread swaps as fast as it can, another one looks as often as it can. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WatchedRaceTest {
  private static final int LEAST_LOOKS = 2_000;
  private static final int MOST_LOOKS = 200_000;

  @TempDir private Path folder;

  private Mount mount;
  private WatchedFiles<Pair> watched;

  @BeforeEach
  void a_first_generation_is_there() {
    mount = new Mount(folder.resolve("secret"));
    watched = Pair.watchedIn(mount.directory());
    swap(mount, "start");
  }

  /**
   * Everything that was seen while the writer wrote. It goes on until something was taken, however
   * the machine divides its time between the two.
   */
  private List<String> seenDuring(IntFunction<String> names) {
    var enough = new AtomicBoolean();
    var writer = CompletableFuture.runAsync(() -> swapUntil(enough, names));
    var seen = new ArrayList<String>();
    var taken = false;
    while (seen.size() < LEAST_LOOKS || (!taken && seen.size() < MOST_LOOKS)) {
      seen.add(told(watched.look()));
      // A first look takes what it finds, so it is the one that is most easily deceived.
      seen.add(told(Pair.watchedIn(mount.directory()).look()));
      taken |=
          seen.subList(seen.size() - 2, seen.size()).stream().anyMatch(WatchedRaceTest::isTaken);
    }
    enough.set(true);
    writer.join();
    return seen;
  }

  private static boolean isTaken(String told) {
    return told.startsWith("accepted");
  }

  private void swapUntil(AtomicBoolean enough, IntFunction<String> names) {
    for (int i = 0; !enough.get(); i++) {
      swap(mount, names.apply(i));
    }
  }

  @Test
  void a_pair_is_never_torn() {
    assertThat(seenDuring(i -> "n" + i)).anyMatch(WatchedRaceTest::isTaken).doesNotContain("torn");
  }

  /** The worst case for whoever compares contents only: what was read may be back again. */
  @Test
  void a_pair_is_never_torn_where_two_generations_alternate() {
    assertThat(seenDuring(i -> i % 2 == 0 ? "even" : "odd"))
        .anyMatch(WatchedRaceTest::isTaken)
        .doesNotContain("torn");
  }

  @Test
  void the_last_generation_is_in_force_in_the_end() {
    seenDuring(i -> "n" + i);
    swap(mount, "end");
    assertThat(settled(watched)).isEqualTo("accepted end");
  }
}
