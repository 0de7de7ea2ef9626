package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** What keeps a data file from being opened, found without changing it. */
final class Inspection {
  private static final String CLOSED = " cannot be opened: ";
  private static final String LEFT = ": it is left as it is";
  private static final String NEWER = " was written by a newer Keyturn" + LEFT;
  private static final String FOREIGN = " is not a store of Keyturn" + LEFT;
  private static final String DAMAGED = " is damaged, or is not a store of Keyturn" + LEFT;
  private static final String FALLEN_BACK =
      " is damaged: what can be read is older than what was acknowledged. Restore the whole folder"
          + " from a copy, or move it away to begin anew; without store.mark the older state counts";

  private static final String GONE =
      " is gone, though it has been in use. Restore the whole folder from a copy, or move it away"
          + " to begin anew";

  private Inspection() {}

  static Optional<String> complaintAbout(StoreFolder folder) throws IOException {
    var path = folder.data();
    var reached = Mark.read(folder.mark()).orElse(0);
    if (!Files.exists(path) || Files.size(path) == 0) {
      return reached > 0 ? Optional.of(path + GONE) : Optional.empty();
    }
    try (var found = DataFile.builder(path).readOnly().open()) {
      return complaintAbout(found, reached).map(complaint -> path + complaint);
    } catch (MVStoreException e) {
      return Optional.of(inWords(path, e));
    }
  }

  private static Optional<String> complaintAbout(MVStore found, long reached) {
    if (found.getStoreVersion() > DataFile.FORMAT) {
      return Optional.of(NEWER);
    }
    if (found.getStoreVersion() < DataFile.FORMAT) {
      return found.getMapNames().isEmpty() ? Optional.empty() : Optional.of(FOREIGN);
    }
    return DataFile.reached(found) < reached ? Optional.of(FALLEN_BACK) : Optional.empty();
  }

  static String inWords(Path path, MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED -> path + " is in use by another process";
      case DataUtils.ERROR_UNSUPPORTED_FORMAT -> path + NEWER;
      case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_CHUNK_NOT_FOUND -> path + DAMAGED;
      case DataUtils.ERROR_READING_FAILED ->
          path + (Failure.isAway(e) ? CLOSED + Failure.inWords(e) : DAMAGED);
      default -> path + CLOSED + Failure.inWords(e);
    };
  }
}
