package dev.keyturn.store.file;

import java.io.EOFException;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/** What a failure of the engine means for the file. */
final class Failure {
  private Failure() {}

  /** What the operator can do something about: the engine's own words hide that a disk is full. */
  static String inWords(Throwable failure) {
    var cause = failure.getCause();
    return cause == null ? failure.toString() : failure.getMessage() + ": " + cause.getMessage();
  }

  /** The failure of whoever finds that the tree of entries cannot be trusted. */
  static MVStoreException disorder() {
    return DataUtils.newMVStoreException(
        DataUtils.ERROR_FILE_CORRUPT, "the entries are not in their order");
  }

  /** Whether a failure says that the file is damaged, rather than away or full. */
  static boolean isDamage(Throwable failure) {
    return failure instanceof MVStoreException known
        && (known.getErrorCode() == DataUtils.ERROR_FILE_CORRUPT
            || known.getErrorCode() == DataUtils.ERROR_CHUNK_NOT_FOUND
            || known.getErrorCode() == DataUtils.ERROR_SERIALIZATION);
  }

  /** Whether a failure says that the file is away as a whole, rather than a part of it damaged. */
  static boolean isAway(RuntimeException failure) {
    return failure instanceof MVStoreException known
        && switch (known.getErrorCode()) {
          case DataUtils.ERROR_CLOSED -> true;
          case DataUtils.ERROR_READING_FAILED -> !(known.getCause() instanceof EOFException);
          default -> false;
        };
  }
}
