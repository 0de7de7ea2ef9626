package dev.keyturn.store.file;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in one file, for one process: what it has acknowledged survives a crash.
 *
 * <p>It needs no Vert.x. Nothing of it runs on the caller's thread but queueing: changes are
 * decided and written by one thread, reads wait for the disk on others. A caller on a Vert.x
 * context is answered there. When the disk is full or away, changes fail with {@link
 * UnavailableException}, reads go on where they can, and it recovers by itself.
 */
public final class FileStore implements KeyValueStore {
  private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

  private final Clock clock;
  private final Entries entries;
  private final Readers readers;
  private final Writer writer;
  private final HeldFolder folder;
  private final ThreadPoolExecutor elsewhere =
      Readers.threads("keyturn-store-answer", 1, Integer.MAX_VALUE);
  private final Promise<Void> closed = Promise.promise();

  private FileStore(HeldFolder folder, Entries entries, Clock clock) {
    this.folder = folder;
    this.clock = clock;
    this.entries = entries;
    var caretaker = new Caretaker(folder, entries, clock);
    this.readers = new Readers(entries, caretaker);
    this.writer = new Writer(entries, caretaker, this::letGo);
  }

  /**
   * Opens the store in a folder, which is made if it is not there. Blocks.
   *
   * @param capacity the most entries held at once
   * @param damage is told the kind of each entry that was lost by damage to the file; it returns at
   *     once
   * @throws IOException in words for the operator, such as which process has it open
   */
  public static FileStore open(
      StoreFolder folder, Clock clock, int capacity, Consumer<String> damage) throws IOException {
    var held = HeldFolder.take(folder);
    try {
      var entries = new Entries(held.open(), clock, capacity, damage);
      var store = new FileStore(held, entries, clock);
      store.writer.start();
      return store;
    } catch (IOException | RuntimeException e) {
      held.close();
      throw e;
    }
  }

  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    var mine = value.copy();
    var dies = Entry.death(clock.instant(), ttl);
    return this.<Boolean>change(key, found -> Decision.write(true, mine, dies)).mapEmpty();
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    var mine = value.copy();
    var dies = Entry.death(clock.instant(), ttl);
    return change(
        key, found -> found.isPresent() ? Decision.keep(false) : Decision.write(true, mine, dies));
  }

  @Override
  public Future<Optional<Versioned<Buffer>>> get(String key) {
    Answer<Optional<Versioned<Buffer>>> answer = Answer.toCaller(elsewhere);
    readers.read(key, answer);
    return answer.future();
  }

  @Override
  public Future<Optional<Buffer>> take(String key) {
    return change(
        key,
        found ->
            found.isPresent()
                ? Decision.remove(found.map(Entry::value))
                : Decision.keep(Optional.empty()));
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    var mine = next.copy();
    var dies = Entry.death(clock.instant(), ttl);
    return change(
        key,
        found ->
            found.filter(entry -> entry.version() == version).isPresent()
                ? Decision.write(true, mine, dies)
                : Decision.keep(false));
  }

  @Override
  public Future<Boolean> delete(String key, long version) {
    return change(
        key,
        found ->
            found.filter(entry -> entry.version() == version).isPresent()
                ? Decision.remove(true)
                : Decision.keep(false));
  }

  @Override
  public Future<Long> count(String key, Duration ttl) {
    var first = Entry.death(clock.instant(), ttl);
    return change(
        key,
        found -> {
          var sum = found.map(entry -> entry.value().getLong(0)).orElse(0L) + 1;
          var dies = found.map(Entry::dies).orElse(first);
          return Decision.write(sum, Buffer.buffer().appendLong(sum), dies);
        });
  }

  /** Takes no more calls; is done when those that wait are, and another process may open it. */
  @Override
  public Future<Void> close() {
    writer.close();
    readers.close();
    return closed.future();
  }

  /** How many entries there are, dead ones that no sweep has met yet included. */
  public long size() {
    return entries.file().entries().sizeAsLong();
  }

  /** What keeps it from being written at the moment, by its folder. */
  public Map<String, String> troubles() {
    return writer.trouble().map(why -> Map.of(folder.folder().toString(), why)).orElse(Map.of());
  }

  private <T> Future<T> change(String key, Function<Optional<Entry>, Decision<T>> rule) {
    Answer<T> answer = Answer.toCaller(elsewhere);
    writer.accept(new Change<>(key, rule, answer));
    return answer.future();
  }

  private void letGo() {
    try (folder) {
      readers.awaitEnd();
      entries.file().close();
    } catch (Exception e) {
      LOG.atError().setMessage("the store was not closed in order").addKeyValue("because", e).log();
    } finally {
      closed.complete();
      elsewhere.shutdown();
    }
  }
}
