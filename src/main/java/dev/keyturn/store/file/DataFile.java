package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The file itself, open: an H2 MVStore that one thread writes and any thread reads.
 *
 * <p>It is stamped with the version of its format. A file without our stamp, or with that of a
 * later Keyturn, is looked at read-only and left as it is.
 */
final class DataFile {
  /** Raised with each change that an earlier Keyturn could not read. */
  static final int FORMAT = 1;

  private static final int CACHE_MEGABYTES = 16;
  private static final int PAGE_BYTES = 4096;
  private static final int VERSIONS_PER_COMMIT = 20; // in bits
  private static final int TIDY_BELOW_PERCENT = 75;
  private static final int TIDY_BYTES = 1 << 20;

  private final MVStore store;
  private final MVMap<String, byte[]> entries;
  private final long base;
  private final LongConsumer mark;
  private long newest;
  private long flushed = -1;
  private long changes;

  private DataFile(MVStore store, long base, LongConsumer mark) {
    this.store = store;
    this.mark = mark;
    this.entries = store.openMap("entries", types());
    this.base = base;
    this.newest = firstVersion();
    // Each commit is flushed whole, so nothing has to be kept for one that is lost.
    store.setRetentionTime(0);
    store.setVersionsToKeep(0);
  }

  /** Opens the file of a folder, which is there and may be empty. */
  static DataFile open(StoreFolder folder, Mark mark) throws IOException {
    var complaint = Inspection.complaintAbout(folder);
    if (complaint.isPresent()) {
      throw new IOException(complaint.get());
    }
    try {
      return of(builder(folder.data()).open(), 0, mark::write);
    } catch (MVStoreException e) {
      throw new IOException(Inspection.inWords(folder.data(), e), e);
    }
  }

  /**
   * Makes a file for what could be saved of another.
   *
   * @param above a version that no entry has reached yet
   */
  static DataFile create(Path path, long above) {
    return of(builder(path.toAbsolutePath().toString()).open(), above, reached -> {});
  }

  /** The bytes of an entry; waits for the disk where they are not in memory. */
  Optional<byte[]> read(String key) {
    // While a reader is registered, nothing that it may still look at is overwritten.
    var reader = store.registerVersionUsage();
    try {
      return Optional.ofNullable(entries.get(key));
    } finally {
      store.deregisterVersionUsage(reader);
    }
  }

  void write(String key, byte[] entry) {
    changes++;
    entries.put(key, entry);
  }

  /** Tells whether it was there. */
  boolean remove(String key) {
    changes++;
    return entries.remove(key) != null;
  }

  /**
   * What has been written since the last time is safe from a crash when this returns; tells whether
   * there was any.
   */
  boolean commit() {
    store.commit();
    if (store.getCurrentVersion() == flushed) {
      return false;
    }
    store.sync();
    flushed = store.getCurrentVersion();
    mark.accept(reached());
    return true;
  }

  /** A number that no entry has had yet, not even before the last start. */
  long nextVersion() {
    newest = Math.max(newest + 1, firstVersion());
    return newest;
  }

  /** How far the file has come: every version in it is below. */
  long reached() {
    return reached(store, base);
  }

  private long firstVersion() {
    return reached() + (1L << VERSIONS_PER_COMMIT);
  }

  /** How far a file has come that is open in whatever way. */
  static long reached(MVStore store) {
    return reached(store, base(store));
  }

  private static long reached(MVStore store, long base) {
    return base + (store.getCurrentVersion() << VERSIONS_PER_COMMIT);
  }

  /** Gives back a little of the space that nothing lives in; tells how much it writes at most. */
  long tidy() {
    var blocks = (RandomAccessStore) store.getFileStore();
    var most = Math.min(TIDY_BYTES, blocks.size());
    var cost = store.compact(TIDY_BELOW_PERCENT, TIDY_BYTES) ? most : 0;
    commit();
    if (blocks.getFillRate() < TIDY_BELOW_PERCENT) {
      blocks.compactMoveChunks(TIDY_BELOW_PERCENT, TIDY_BYTES, store);
      cost += most;
    }
    return cost;
  }

  long size() {
    return store.getFileStore().size();
  }

  /** How much changes have written since it was opened, at least: each one a page. */
  long written() {
    return changes * PAGE_BYTES;
  }

  MVMap<String, byte[]> entries() {
    return entries;
  }

  MVStore store() {
    return store;
  }

  /** Closes it in order; what was not committed is. */
  void close() {
    store.close();
  }

  /** Lets go of it without writing anything. */
  void abandon() {
    store.closeImmediately();
  }

  /**
   * Takes a store of the engine, which may be empty.
   *
   * @param above a version that no entry has reached yet
   * @param mark is told how far the file has come, after each flush
   */
  static DataFile of(MVStore store, long above, LongConsumer mark) {
    if (store.getStoreVersion() == 0) {
      store.setStoreVersion(FORMAT);
      about(store).put("base", above);
    }
    var file = new DataFile(store, base(store), mark);
    file.commit();
    return file;
  }

  private static long base(MVStore store) {
    return Optional.ofNullable(about(store).get("base")).orElse(0L);
  }

  private static MVMap<String, Long> about(MVStore store) {
    return store.openMap(
        "about",
        new MVMap.Builder<String, Long>()
            .keyType(StringDataType.INSTANCE)
            .valueType(LongDataType.INSTANCE));
  }

  static MVStore.Builder builder(Path path) {
    return builder(AtomicPath.nameOf(path.toAbsolutePath().toString()));
  }

  /** What a file is opened with: nothing is written or moved but when we say so. */
  static MVStore.Builder builder(String name) {
    return new MVStore.Builder()
        .fileName(name)
        .autoCommitDisabled()
        .autoCommitBufferSize(0)
        .cacheSize(CACHE_MEGABYTES)
        .pageSplitSize(PAGE_BYTES);
  }

  private static MVMap.Builder<String, byte[]> types() {
    return new MVMap.Builder<String, byte[]>()
        .keyType(StringDataType.INSTANCE)
        .valueType(ByteArrayDataType.INSTANCE);
  }
}
