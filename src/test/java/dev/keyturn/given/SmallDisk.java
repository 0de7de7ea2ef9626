package dev.keyturn.given;

import java.io.IOException;
import java.nio.file.Path;

/** A file system in memory that is soon full. */
public final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Whether one can be made here: a container may forbid it even to root. */
  public static boolean isPossible(Path folder) {
    if (!isRoot()) {
      return false;
    }
    try {
      over(folder, 1).close();
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  /** Mounts one over an empty folder. */
  public static SmallDisk over(Path folder, int megabytes) {
    run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m,mode=0777", "tmpfs", "" + folder);
    return new SmallDisk(folder);
  }

  @Override
  public void close() {
    run("umount", "-l", folder.toString());
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static void run(String... command) {
    try {
      var process = new ProcessBuilder(command).inheritIO().start();
      if (!process.waitFor(Patience.SECONDS, Patience.UNIT) || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + " did not work");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
