package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** How the engine is told, by the name of a file, to open it as an {@link AtomicFile}. */
final class AtomicPath extends FilePathWrapper {
  private static final String SCHEME = "keyturn";
  private static final String LOG = ".redo";

  private final FilePath file;

  private AtomicPath(FilePath file) {
    this.file = file;
    this.name = SCHEME + ":" + file;
  }

  /** What to call a file; the engine looks names up in a list that it has of its own. */
  static String nameOf(String file) {
    FilePath.register(new AtomicPath(FilePath.get(file)));
    return SCHEME + ":" + file;
  }

  /** What the log beside a file is called. */
  static String logOf(String file) {
    return file + LOG;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FilePathWrapper getPath(String path) {
    return new AtomicPath(FilePath.get(path.substring(SCHEME.length() + 1)));
  }

  @Override
  public FilePath getParent() {
    return file.getParent();
  }

  @Override
  public boolean exists() {
    return file.exists();
  }

  @Override
  public boolean canWrite() {
    return file.canWrite();
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    var opened = file.open(mode);
    var beside = FilePath.get(logOf(file.toString()));
    if (mode.equals("r") && !beside.exists()) {
      return opened;
    }
    try {
      var log = new RedoLog(beside.open(mode));
      return mode.equals("r") ? AtomicFile.look(opened, log) : AtomicFile.open(opened, log);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }
}
