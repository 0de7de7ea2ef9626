package dev.keyturn.store.file;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.SettableClock;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.Page;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is not as it was written. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DamageTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int ENTRIES = 2000;
  private static final int FLIPS = Integer.getInteger("keyturn.flips", 40);
  private static final int BLOCK_BYTES = 4096;
  private static final String SERVED_BUT_FOR_ONE = "served but for one";

  @TempDir private Path temporary;
  private final SettableClock clock = new SettableClock();
  private final List<String> damaged = new CopyOnWriteArrayList<>();

  private StoreFolder folder() {
    return new StoreFolder(temporary.resolve("data"));
  }

  private FileStore open() throws IOException {
    return FileStore.open(folder(), clock, 100_000, damaged::add);
  }

  private static String key(int i) {
    return "session/" + i;
  }

  private static Buffer value(int i) {
    return Buffer.buffer("value-" + i + "-" + "x".repeat(300));
  }

  private void fill() throws IOException {
    var store = open();
    done(
        Future.all(
            IntStream.range(0, ENTRIES).mapToObj(i -> store.put(key(i), value(i), HOUR)).toList()));
    done(store.close());
  }

  /** How many entries are there, each of them as it was written. */
  private static long right(FileStore store) {
    return IntStream.range(0, ENTRIES).filter(i -> isRight(store, i)).count();
  }

  private static boolean isRight(FileStore store, int i) {
    var found =
        done(store.get(key(i)).map(Future::succeededFuture).otherwise(Future::failedFuture));
    if (found.failed()) {
      return false;
    }
    found.result().ifPresent(entry -> assertThat(entry.value()).isEqualTo(value(i)));
    return found.result().isPresent();
  }

  private void flip(long position) throws IOException {
    try (var file =
        FileChannel.open(folder().data(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var one = ByteBuffer.allocate(1);
      file.read(one, position);
      one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
      file.write(one, position);
    }
  }

  /** Where a text lies in the leaf of a key: the file also has older copies that nobody reads. */
  private long inLeafOf(String key, String text) throws IOException {
    try (var store = DataFile.builder(folder().data()).readOnly().open()) {
      return positionOf(text, store, leafOf(key, root(store)).orElseThrow());
    }
  }

  /** Where a key lies in the root, which leads to the entries and holds none. */
  private long inRoot() throws IOException {
    try (var store = DataFile.builder(folder().data()).open()) {
      store.openMap("other").put("a", "b"); // Where the newest chunk lies is written in no map.
    }
    try (var store = DataFile.builder(folder().data()).readOnly().open()) {
      return positionOf(root(store).getKey(0), store, root(store));
    }
  }

  private static Page<String, byte[]> root(MVStore store) {
    return store
        .openMap(
            "entries",
            new MVMap.Builder<String, byte[]>()
                .keyType(StringDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE))
        .getRootPage();
  }

  private static Optional<Page<String, byte[]>> leafOf(String key, Page<String, byte[]> page) {
    if (page.isLeaf()) {
      return Optional.of(page)
          .filter(
              leaf ->
                  IntStream.range(0, leaf.getKeyCount()).anyMatch(i -> leaf.getKey(i).equals(key)));
    }
    return IntStream.rangeClosed(0, page.getKeyCount())
        .mapToObj(i -> leafOf(key, page.getChildPage(i)))
        .flatMap(Optional::stream)
        .findAny();
  }

  private long positionOf(String text, MVStore store, Page<String, byte[]> page)
      throws IOException {
    var place = page.getPos();
    var chunk = "chunk." + Integer.toHexString(DataUtils.getPageChunkId(place));
    var block =
        DataUtils.readHexLong(DataUtils.parseMap(store.getLayoutMap().get(chunk)), "block", 0);
    var begin = block * BLOCK_BYTES + DataUtils.getPageOffset(place);
    var found =
        Files.readString(folder().data(), StandardCharsets.ISO_8859_1).indexOf(text, (int) begin);
    assertThat((long) found).isBetween(begin, begin + DataUtils.getPageMaxLength(place));
    return found;
  }

  @Test
  void a_flipped_byte_in_a_value_makes_that_entry_absent() throws IOException {
    fill();
    flip(inLeafOf(key(77), "value-77-") + 20);
    var store = open();
    assertThat(done(store.get(key(77)))).isEmpty();
    assertThat(right(store)).isEqualTo(ENTRIES - 1);
    done(store.close());
  }

  @Test
  void a_damaged_entry_is_told_once_by_its_kind() throws IOException {
    fill();
    flip(inLeafOf(key(77), "value-77-") + 20);
    var store = open();
    done(store.get(key(77)));
    await().until(() -> !damaged.isEmpty());
    done(store.take(key(77)));
    done(store.get(key(77)));
    done(store.close());
    assertThat(damaged).containsExactly("session");
  }

  @Test
  void a_damaged_entry_that_nobody_asks_for_is_found_by_the_sweep() throws IOException {
    fill();
    flip(inLeafOf(key(77), "value-77-") + 20);
    var store = open();
    clock.forward(Sweep.PAUSE);
    await().untilAsserted(() -> assertThat(damaged).containsExactly("session"));
    assertThat(store.size()).isEqualTo(ENTRIES - 1);
    done(store.close());
  }

  @Test
  void a_damaged_entry_is_written_anew() throws IOException {
    fill();
    flip(inLeafOf(key(77), "value-77-") + 20);
    var store = open();
    assertThat(done(store.putIfAbsent(key(77), value(77), HOUR))).isTrue();
    assertThat(right(store)).isEqualTo(ENTRIES);
    done(store.close());
  }

  @Test
  void a_flipped_byte_in_a_key_makes_that_entry_absent() throws IOException {
    fill();
    flip(inLeafOf(key(77), key(77)));
    var store = open();
    clock.forward(Sweep.PAUSE);
    await().until(() -> !damaged.isEmpty());
    await().untilAsserted(() -> assertThat(right(store)).isEqualTo(ENTRIES - 1));
    done(store.close());
  }

  @Test
  void a_flipped_byte_above_the_entries_loses_none() throws IOException {
    fill();
    flip(inRoot());
    var store = open();
    clock.forward(Sweep.PAUSE);
    await().untilAsserted(() -> assertThat(right(store)).isEqualTo(ENTRIES));
    done(store.close());
    assertThat(damaged).isEmpty();
  }

  @Test
  void wherever_a_byte_is_flipped_nothing_is_read_wrong_or_lost_in_silence() throws IOException {
    var random = new Random(7);
    fill();
    var good = Files.readAllBytes(folder().data());
    var mark = Files.readAllBytes(folder().mark());
    var outcomes = new TreeMap<String, Integer>();
    for (int round = 0; round < FLIPS; round++) {
      Files.write(folder().data(), good);
      Files.write(folder().mark(), mark);
      flip(random.nextInt(good.length));
      outcomes.merge(openAfterFlip(), 1, Integer::sum);
    }
    System.out.println("flipped bytes: " + outcomes);
    assertThat(outcomes.getOrDefault(SERVED_BUT_FOR_ONE, 0)).isGreaterThan(FLIPS / 2);
  }

  private String openAfterFlip() throws IOException {
    damaged.clear();
    try {
      return use(open());
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("is damaged");
      return "refused";
    }
  }

  private String use(FileStore store) {
    clock.forward(Sweep.PAUSE);
    right(store); // What is met first is mended then, and writing pauses for a moment.
    await().until(() -> done(store.put("code/1", value(1), HOUR).map(true).otherwise(false)));
    await().until(() -> right(store) == ENTRIES || !damaged.isEmpty());
    done(store.close());
    return damaged.isEmpty() ? "served whole" : damaged.size() == 1 ? SERVED_BUT_FOR_ONE : "more";
  }

  @Test
  void a_torn_tail_costs_nothing_that_was_acknowledged() throws IOException {
    fill();
    Files.write(
        folder().data(),
        "chunk:7f,block:9,len:2".getBytes(StandardCharsets.US_ASCII),
        StandardOpenOption.APPEND);
    Files.write(folder().data(), new byte[5000], StandardOpenOption.APPEND);
    var store = open();
    assertThat(right(store)).isEqualTo(ENTRIES);
    done(store.put("code/1", value(1), HOUR));
    done(store.close());
    assertThat(damaged).isEmpty();
  }

  @Test
  void a_file_of_a_newer_version_is_refused_and_left_as_it_is() throws IOException {
    fill();
    try (var newer = MVStore.open(folder().data().toString())) {
      newer.setStoreVersion(DataFile.FORMAT + 1);
    }
    var before = Files.readAllBytes(folder().data());
    assertThatThrownBy(this::open).hasMessageContaining("was written by a newer Keyturn");
    assertThat(Files.readAllBytes(folder().data())).isEqualTo(before);
  }

  @Test
  void a_database_of_somebody_else_is_refused_and_left_as_it_is() throws IOException {
    Files.createDirectories(folder().path());
    try (var foreign = MVStore.open(folder().data().toString())) {
      foreign.<String, String>openMap("theirs").put("a", "b");
    }
    var before = Files.readAllBytes(folder().data());
    assertThatThrownBy(this::open).hasMessageContaining("is not a store of Keyturn");
    assertThat(Files.readAllBytes(folder().data())).isEqualTo(before);
  }

  @Test
  void a_file_of_another_kind_is_refused_and_left_as_it_is() throws IOException {
    Files.createDirectories(folder().path());
    Files.write(
        folder().data(), "not a store at all\n".repeat(1000).getBytes(StandardCharsets.US_ASCII));
    var before = Files.readAllBytes(folder().data());
    assertThatThrownBy(this::open).hasMessageContaining("is not a store of Keyturn");
    assertThat(Files.readAllBytes(folder().data())).isEqualTo(before);
  }

  @Test
  void a_file_that_was_cut_off_is_told_to_be_damaged() throws IOException {
    fill();
    Files.write(folder().data(), Arrays.copyOf(Files.readAllBytes(folder().data()), BLOCK_BYTES));
    assertThatThrownBy(this::open).hasMessageContaining("is damaged");
  }

  @Test
  void a_folder_that_is_a_link_to_nowhere_is_told_to_be_one() throws IOException {
    Files.createSymbolicLink(folder().path(), Path.of("nowhere"));
    assertThatThrownBy(this::open)
        .hasMessageStartingWith(folder() + " is a link that leads nowhere: name another folder");
  }

  @Test
  void a_file_that_is_gone_is_not_begun_anew() throws IOException {
    fill();
    Files.delete(folder().data());
    assertThatThrownBy(this::open).hasMessageContaining("is gone, though it has been in use");
    assertThat(folder().data()).doesNotExist();
  }

  @Test
  void a_folder_that_was_moved_away_is_begun_anew() throws IOException {
    fill();
    Files.move(folder().path(), temporary.resolve("old"));
    var store = open();
    assertThat(right(store)).isZero();
    done(store.close());
  }

  @Test
  void what_a_crash_left_of_a_rebuilding_is_cleared_away() throws IOException {
    fill();
    Files.writeString(folder().draft(), "half");
    var store = open();
    assertThat(folder().draft()).doesNotExist();
    assertThat(right(store)).isEqualTo(ENTRIES);
    done(store.close());
  }

  @Test
  void a_file_whose_making_was_cut_short_is_begun_anew() throws IOException {
    Files.createDirectories(folder().path());
    Files.createFile(folder().data());
    done(open().close());
  }
}
