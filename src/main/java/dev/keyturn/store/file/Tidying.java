package dev.keyturn.store.file;

/**
 * Gives space of the file back, and comes to rest when nobody writes.
 *
 * <p>There is always something that could lie a little closer. So it writes at most twice what
 * changes have written, and beyond that goes on only as long as the file gets smaller.
 */
final class Tidying {
  private static final int SHARE = 2;

  /** It takes some steps until what was moved away may be written over. */
  private static final int TRIES = 12;

  private static final int PROGRESS_PERCENT = 2;

  private long seen;
  private long credit;
  private long smallest;
  private int tries;

  /** Gives a little back, if enough was written since the last time. */
  void step(DataFile file) {
    credit += SHARE * (file.written() - seen);
    seen = file.written();
    if (credit > 0) {
      goOnFrom(file.size());
    }
    if (tries > 0) {
      tries--;
      credit -= file.tidy();
      if (file.size() < smallest - smallest * PROGRESS_PERCENT / 100) {
        goOnFrom(file.size());
      }
    }
  }

  /** The file was opened again, and counts anew. */
  void restart() {
    seen = 0;
  }

  private void goOnFrom(long size) {
    smallest = size;
    tries = TRIES;
  }
}
