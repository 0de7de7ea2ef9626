package dev.keyturn.given;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A mounted Secret as the kubelet writes it: a directory with a time in its name, {@code ..data}
 * that leads to it, and a link for each key. Also what others do to files: editors, slow writers.
 */
public final class Mount {
  private final Path directory;
  private int swaps;

  /** A mount that is not there before the first {@link #swap}. */
  public Mount(Path directory) {
    this.directory = directory;
  }

  public Path directory() {
    return directory;
  }

  /** Where a key is read. */
  public Path file(String key) {
    return directory.resolve(key);
  }

  /** Exchanges the whole content in one step, as the kubelet does. */
  public void swap(Map<String, byte[]> content) {
    done(
        () -> {
          Files.createDirectories(directory);
          var next = Files.createDirectory(directory.resolve(nextName()));
          for (var entry : content.entrySet()) {
            Files.write(next.resolve(entry.getKey()), entry.getValue());
          }
          lead(next);
          for (var key : content.keySet()) {
            if (!Files.isSymbolicLink(file(key))) {
              Files.createSymbolicLink(file(key), Path.of("..data", key));
            }
          }
          forget(next, content);
        });
  }

  /** The same with texts: a key, its text, the next key and so on. */
  public void swap(String key, String text, String... more) {
    var content = new LinkedHashMap<String, byte[]>();
    content.put(key, bytes(text));
    for (int i = 0; i < more.length; i += 2) {
      content.put(more[i], bytes(more[i + 1]));
    }
    swap(content);
  }

  /** Writes a new file and renames it over the old one, as editors do. */
  public void renameOver(String key, byte[] content) {
    done(
        () -> {
          Files.createDirectories(directory);
          var temporary = Files.write(directory.resolve("." + key + ".new"), content);
          Files.move(temporary, file(key), ATOMIC_MOVE);
        });
  }

  /** Writes over what is there, so that a reader may see any part of it. */
  public void writeInPlace(String key, byte[] content) {
    done(
        () -> {
          Files.createDirectories(directory);
          Files.write(file(key), content);
        });
  }

  /** Deletes one key, as somebody with a shell does. */
  public void delete(String key) {
    done(() -> Files.deleteIfExists(file(key)));
  }

  /** Deletes the directory and all that is in it. */
  public void unmount() {
    delete(directory);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String nextName() {
    swaps++;
    return "..2026_11_23_12_00_00.%09d".formatted(swaps);
  }

  /** One rename: before it every reader sees the old directory, after it the new one. */
  private void lead(Path next) throws IOException {
    var temporary = Files.createSymbolicLink(directory.resolve("..data_tmp"), next.getFileName());
    Files.move(temporary, directory.resolve("..data"), ATOMIC_MOVE);
  }

  private void forget(Path next, Map<String, byte[]> content) {
    entries(entry -> isKey(entry) && !content.containsKey(nameOf(entry))).forEach(Mount::delete);
    entries(entry -> isTimed(entry) && !entry.equals(next)).forEach(Mount::delete);
  }

  private List<Path> entries(Predicate<Path> which) {
    try (var entries = Files.list(directory)) {
      return entries.filter(which).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isKey(Path entry) {
    return Files.isSymbolicLink(entry) && !nameOf(entry).startsWith("..");
  }

  private static boolean isTimed(Path entry) {
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && nameOf(entry).startsWith("..");
  }

  private static String nameOf(Path entry) {
    return entry.getFileName().toString();
  }

  private static void delete(Path tree) {
    done(
        () -> {
          try (var files = Files.walk(tree)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(file);
            }
          }
        });
  }

  private static void done(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }
}
