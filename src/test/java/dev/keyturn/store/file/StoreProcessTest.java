package dev.keyturn.store.file;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes and one store. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StoreProcessTest {
  private static final int KILLS = Integer.getInteger("keyturn.kills", 3);
  private static final int LINES_BEFORE_A_KILL = 2000;

  @TempDir private Path temporary;

  private Path data() {
    return temporary.resolve("data");
  }

  private FileStore open() throws IOException {
    return FileStore.open(new StoreFolder(data()), Clock.systemUTC(), 1_000_000, kind -> {});
  }

  private Running child(String task) {
    return Running.start(temporary, StoreChild.command(data(), task));
  }

  @Test
  void a_second_process_is_refused_and_told_which_one_has_it() {
    try (var holder = child("hold")) {
      holder.line(line -> line.startsWith("open"));
      assertThatThrownBy(this::open)
          .hasMessageContaining("is in use by process " + holder.pid() + ": stop that one");
    }
  }

  @Test
  void a_second_store_in_one_process_is_refused_and_ends_no_lock() throws IOException {
    var store = open();
    assertThatThrownBy(this::open).hasMessageContaining("is in use by process");
    try (var other = child("hold")) {
      assertThat(other.line(line -> line.contains("is in use by process")))
          .contains(String.valueOf(ProcessHandle.current().pid()));
    }
    done(store.close());
  }

  @Test
  void a_process_that_was_killed_keeps_nobody_away() throws IOException {
    var holder = child("hold");
    holder.line(line -> line.startsWith("open"));
    holder.kill();
    assertThat(data().resolve("store.pid")).exists();
    done(open().close());
  }

  @Test
  void looking_who_has_it_changes_nothing() throws IOException {
    var folder = new StoreFolder(data());
    assertThat(folder.holder()).isEmpty();
    done(open().close());
    var before = files();
    assertThat(folder.complaint()).isEmpty();
    assertThat(files()).isEqualTo(before);
    try (var holder = child("hold")) {
      holder.line(line -> line.startsWith("open"));
      assertThat(folder.holder().orElseThrow()).contains("process " + holder.pid());
      assertThat(folder.complaint()).isEmpty();
    }
  }

  private Map<String, List<Byte>> files() throws IOException {
    var contents = new HashMap<String, List<Byte>>();
    try (var files = Files.list(data())) {
      for (var file : files.toList()) {
        var bytes = new java.util.ArrayList<Byte>();
        for (var one : Files.readAllBytes(file)) {
          bytes.add(one);
        }
        contents.put(file.getFileName().toString(), bytes);
      }
    }
    return contents;
  }

  @Test
  void kills_under_load_lose_nothing_acknowledged_and_bring_nothing_back() throws IOException {
    var seen = new Seen();
    for (int kill = 0; kill < KILLS; kill++) {
      var worker = child("run" + kill);
      worker.line(line -> worker.lines().size() > LINES_BEFORE_A_KILL);
      worker.kill();
      worker.lines().stream().filter(line -> line.endsWith(StoreChild.STOP)).forEach(seen::note);
      seen.check(this::open);
    }
    assertThat(seen.put).hasSizeGreaterThan(KILLS * 100);
  }

  /** What the processes have said, as a promise to be kept. */
  private static final class Seen {
    private final HashSet<String> put = new HashSet<>();
    private final HashSet<String> taking = new HashSet<>();
    private final HashSet<String> taken = new HashSet<>();
    private final HashMap<String, Long> counted = new HashMap<>();

    void note(String line) {
      var words = line.split(" ", -1);
      switch (words[0]) {
        case "put" -> put.add(words[1]);
        case "taking" -> taking.add(words[1]);
        case "taken" -> taken.add(words[1]);
        case "counted" -> counted.merge(words[1], Long.parseLong(words[2]), Math::max);
        default -> assertThat(line).startsWith("open");
      }
    }

    void check(Opening opening) throws IOException {
      var store = opening.open();
      put.stream()
          .filter(key -> !taking.contains(key))
          .forEach(key -> assertThat(done(store.get(key))).as(key).isPresent());
      taken.forEach(key -> assertThat(done(store.get(key))).as(key).isEmpty());
      counted.forEach(
          (name, sum) ->
              assertThat(done(store.get("n/" + name)).orElseThrow().value().getLong(0))
                  .as(name)
                  .isGreaterThanOrEqualTo(sum));
      done(store.close());
    }
  }

  private interface Opening {
    FileStore open() throws IOException;
  }
}
