package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.file.Files;
import org.h2.mvstore.MVStoreException;

/** A store's folder while it is ours: locked, with the mark that is moved after each flush. */
record HeldFolder(StoreFolder folder, FolderLock lock, Mark mark) implements AutoCloseable {
  /** Takes a folder, which is made if it is not there, or says who has it. */
  static HeldFolder take(StoreFolder folder) throws IOException {
    folder.make();
    var lock = FolderLock.take(folder);
    try {
      OwnFiles.make(folder.mark());
      begin(folder);
      OwnFiles.make(folder.redo());
      return new HeldFolder(folder, lock, Mark.open(folder.mark()));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** A crash leaves no file or a whole one, and never half of one that nobody could then open. */
  private static void begin(StoreFolder folder) throws IOException {
    Files.deleteIfExists(folder.draft());
    if (!Files.exists(folder.data()) || Files.size(folder.data()) == 0) {
      make(folder);
    } else {
      OwnFiles.make(folder.data());
    }
  }

  private static void make(StoreFolder folder) throws IOException {
    try {
      folder.newDraft(0).close();
    } catch (MVStoreException e) {
      throw new IOException(folder.data() + " cannot be made: " + Failure.inWords(e), e);
    }
    folder.replaceByDraft();
  }

  DataFile open() throws IOException {
    return DataFile.open(folder, mark);
  }

  @Override
  public void close() throws IOException {
    mark.close();
    lock.close();
  }
}
