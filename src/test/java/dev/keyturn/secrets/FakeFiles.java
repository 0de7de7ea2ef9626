package dev.keyturn.secrets;

import dev.keyturn.given.Mount;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Files that change and fail when a test says so, also between two readings. */
final class FakeFiles implements SecretFiles {
  private final Map<Path, String> contents = new TreeMap<>();
  private final Map<Path, IOException> failures = new HashMap<>();
  private final Map<Path, String> identities = new HashMap<>();
  private final Map<Integer, Runnable> before = new HashMap<>();
  private final List<Path> asked = new ArrayList<>();

  FakeFiles with(String path, String content) {
    contents.put(Path.of(path), content);
    failures.remove(Path.of(path));
    return this;
  }

  FakeFiles failing(String path, IOException failure) {
    failures.put(Path.of(path), failure);
    return this;
  }

  FakeFiles identified(String path, String identity) {
    identities.put(Path.of(path), identity);
    return this;
  }

  FakeFiles without(String path) {
    contents.remove(Path.of(path));
    return this;
  }

  /** Runs {@code change} before the reading of this number, counted from 1 and from now. */
  void before(int reading, Runnable change) {
    before.put(asked.size() + reading, change);
  }

  List<Path> asked() {
    return List.copyOf(asked);
  }

  @Override
  public byte[] read(Path file) throws IOException {
    ask(file);
    if (!contents.containsKey(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return Mount.bytes(Objects.requireNonNull(contents.get(file)));
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    ask(directory);
    return contents.keySet().stream().filter(file -> directory.equals(file.getParent())).toList();
  }

  @Override
  public String identity(Path path) {
    return identities.getOrDefault(path, "");
  }

  private void ask(Path path) throws IOException {
    asked.add(path);
    before.getOrDefault(asked.size(), () -> {}).run();
    if (failures.containsKey(path)) {
      throw Objects.requireNonNull(failures.get(path));
    }
  }
}
