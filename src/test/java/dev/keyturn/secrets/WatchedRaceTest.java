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
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One thread swaps as fast as it can, another one looks as often as it can. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WatchedRaceTest {
  private static final int SWAPS = 2000;

  @TempDir private Path folder;

  private Mount mount;
  private WatchedFiles<Pair> watched;

  @BeforeEach
  void a_first_generation_is_there() {
    mount = new Mount(folder.resolve("secret"));
    watched = Pair.watchedIn(mount.directory());
    swap(mount, "start");
  }

  /** Everything that was taken while the writer wrote. */
  private List<String> seenDuring(IntFunction<String> names) {
    var writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < SWAPS; i++) {
                swap(mount, names.apply(i));
              }
            });
    var seen = new ArrayList<String>();
    while (!writer.isDone()) {
      seen.add(told(watched.look()));
      // A first look takes what it finds, so it is the one that is most easily deceived.
      seen.add(told(Pair.watchedIn(mount.directory()).look()));
    }
    writer.join();
    return seen;
  }

  @Test
  void a_pair_is_never_torn() {
    assertThat(seenDuring(i -> "n" + i))
        .anyMatch(told -> told.startsWith("accepted"))
        .doesNotContain("torn");
  }

  /** The worst case for whoever compares contents only: what was read may be back again. */
  @Test
  void a_pair_is_never_torn_where_two_generations_alternate() {
    assertThat(seenDuring(i -> i % 2 == 0 ? "even" : "odd"))
        .anyMatch(told -> told.startsWith("accepted"))
        .doesNotContain("torn");
  }

  @Test
  void the_last_generation_is_in_force_in_the_end() {
    seenDuring(i -> "n" + i);
    swap(mount, "end");
    assertThat(settled(watched)).isEqualTo("accepted end");
  }
}
