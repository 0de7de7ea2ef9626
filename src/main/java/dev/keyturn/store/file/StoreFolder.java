package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The folder of a file store, in which nothing is readable for anybody but its owner.
 *
 * <p>A folder that it makes is closed to others. One that is there already, such as a mounted
 * volume, is taken as it is.
 */
public record StoreFolder(Path path) {
  private static final String REMEDY =
      ": name another folder in storage.file_config.path, or write storage: {type: memory}, which"
          + " forgets everything at a restart";

  /** The entries. */
  public Path data() {
    return path.resolve("store.mv");
  }

  /** The key that is made here where the configuration names none. */
  public Path vaultKey() {
    return path.resolve("vault.key");
  }

  /**
   * Keeps the vault key, unless it is there; only for whoever has the store open here, so that of
   * two processes that begin at the same time one makes it.
   *
   * @throws IOException if there is another one by now, with which entries may be sealed
   */
  public void keepVaultKey(byte[] key) throws IOException {
    if (!Files.exists(vaultKey())) {
      OwnFiles.write(vaultKey(), key);
    } else if (!MessageDigest.isEqual(Files.readAllBytes(vaultKey()), key)) {
      throw new IOException(vaultKey() + " has just been made by somebody else: start again");
    }
  }

  /** Whether everybody may put files into the folder, or take them away. */
  public boolean isOpenToAll() throws IOException {
    return OwnFiles.isPosix(path)
        && Files.isDirectory(path)
        && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE);
  }

  Path lock() {
    return path.resolve("store.lock");
  }

  Path pid() {
    return path.resolve("store.pid");
  }

  Path mark() {
    return path.resolve("store.mark");
  }

  /** What keeps a store from being opened here, without changing anything. */
  public Optional<String> complaint() throws IOException {
    if (!Files.exists(path)) {
      return Files.isSymbolicLink(path)
          ? Optional.of(path + " is a link that leads nowhere" + REMEDY)
          : complaintAboutParent();
    }
    if (!Files.isDirectory(path)) {
      return Optional.of(path + " is not a folder" + REMEDY);
    }
    if (!Files.isWritable(path)) {
      return Optional.of(path + " cannot be written to by this user" + REMEDY);
    }
    return holder().isPresent() ? Optional.empty() : Inspection.complaintAbout(this);
  }

  /** Which process has a store open here, in words. */
  public Optional<String> holder() throws IOException {
    return Files.isReadable(lock()) ? FolderLock.holder(this) : Optional.empty();
  }

  private Optional<String> complaintAboutParent() {
    var nearest = nearest();
    return Files.isDirectory(nearest) && Files.isWritable(nearest)
        ? Optional.empty()
        : Optional.of(path + " cannot be made: this user may not write to " + nearest + REMEDY);
  }

  /** The folder, or the one above it that is there. */
  private Path nearest() {
    var nearest = path.toAbsolutePath();
    while (nearest.getParent() != null && !Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    return nearest;
  }

  /** Makes the folder, unless it is there. */
  void make() throws IOException {
    var complaint = complaint();
    if (complaint.isPresent()) {
      throw new IOException(complaint.get());
    }
    if (!Files.exists(path)) {
      OwnFiles.makeFolder(path, nearest());
    }
  }

  /** What is about to be done to the data file. */
  Path redo() {
    return Path.of(AtomicPath.logOf(data().toString()));
  }

  /** Where a data file is built that then takes the place of the other one at once. */
  Path draft() {
    return OwnFiles.draftOf(data());
  }

  /**
   * Begins a data file at the place for drafts.
   *
   * @param above a version that no entry has reached yet
   */
  DataFile newDraft(long above) throws IOException {
    Files.deleteIfExists(draft());
    OwnFiles.make(draft());
    return DataFile.create(draft(), above);
  }

  /** Puts the draft, closed by now, in the place of the data file, which is closed too. */
  void replaceByDraft() throws IOException {
    OwnFiles.write(redo(), new byte[0]); // It was about the file that goes.
    OwnFiles.replace(data(), draft());
  }

  /** The folder as the operator wrote it. */
  @Override
  public String toString() {
    return path.toString();
  }
}
