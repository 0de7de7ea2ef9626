package dev.keyturn.app;

import dev.keyturn.keys.KeyFiles;
import dev.keyturn.keys.SigningKey;
import dev.keyturn.keys.SigningKeys;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is said about one file: its key, or what is wrong with it.
 *
 * @param state {@code signs} or {@code published}
 */
record KeyLine(Path file, String state, Optional<SigningKey> key, String problem) {
  /** The lines of a directory in the order of its keys, or the one of a file. */
  static List<KeyLine> of(Path place) {
    return Files.isDirectory(place) ? ofDirectory(place) : List.of(read(place, "published"));
  }

  boolean isGood() {
    return key.isPresent();
  }

  String text() {
    return key.map(
            known ->
                "%s  %-5s  %-9s  %s".formatted(known.kid(), known.algorithm().wire(), state, file))
        .orElseGet(() -> file + " " + problem);
  }

  JsonObject json() {
    var json = new JsonObject().put("file", file.toString());
    return key.map(
            known ->
                json.put("kid", known.kid())
                    .put("algorithm", known.algorithm().wire())
                    .put("state", state))
        .orElseGet(() -> json.put("problem", problem));
  }

  private static List<KeyLine> ofDirectory(Path directory) {
    try {
      var files = KeyFiles.in(directory);
      if (files.isEmpty()) {
        return List.of(broken(directory, "holds no file *.pem"));
      }
      var last = files.size() - 1;
      var lines =
          IntStream.rangeClosed(0, last)
              .mapToObj(i -> read(files.get(i), i == last ? "signs" : "published"))
              .toList();
      return withVerdict(directory, lines);
    } catch (IOException e) {
      return List.of(broken(directory, "cannot be read: " + e.getClass().getSimpleName()));
    }
  }

  /** Keys that are good one by one may still be too many, or one of them twice. */
  private static List<KeyLine> withVerdict(Path directory, List<KeyLine> lines) {
    var keys = lines.stream().map(KeyLine::key).flatMap(Optional::stream).toList();
    try {
      if (!keys.isEmpty()) {
        SigningKeys.of(keys.get(0), keys.subList(1, keys.size()));
      }
      return lines;
    } catch (IllegalArgumentException e) {
      var more = new ArrayList<>(lines);
      more.add(broken(directory, "cannot be used: " + e.getMessage()));
      return more;
    }
  }

  private static KeyLine read(Path file, String state) {
    try {
      return new KeyLine(file, state, Optional.of(KeyFiles.read(file)), "");
    } catch (IllegalArgumentException e) {
      return broken(file, String.valueOf(e.getMessage()));
    }
  }

  private static KeyLine broken(Path file, String problem) {
    return new KeyLine(file, "", Optional.empty(), problem);
  }
}
