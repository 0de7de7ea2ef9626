package dev.keyturn.given;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file system in memory that is soon full. */
public final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Whether one can be made here; where CI is set, it must be. */
  public static boolean isPossible() {
    return System.getenv("CI") != null || isRoot();
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
    var whole = new ArrayList<>(isRoot() ? List.<String>of() : List.of("sudo", "-n"));
    whole.addAll(List.of(command));
    try {
      var process = new ProcessBuilder(whole).inheritIO().start();
      if (!process.waitFor(Patience.SECONDS, Patience.UNIT) || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", whole) + " did not work");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
