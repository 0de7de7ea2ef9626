package dev.keyturn.secrets;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one reading of a set of files has found, without the contents. It stays in memory: a hash of
 * a short secret could be guessed.
 */
record Fingerprint(Map<Asked, String> marks) {
  Fingerprint {
    marks = Collections.unmodifiableMap(new LinkedHashMap<>(marks));
  }

  /** Whether the files still hold the same. */
  boolean standsIn(SecretFiles files) {
    return marks.entrySet().stream()
        .allMatch(entry -> entry.getValue().equals(entry.getKey().of(files).mark()));
  }

  Set<Path> directories() {
    return marks.keySet().stream().map(Asked::directory).collect(Collectors.toSet());
  }

  @Override
  public String toString() {
    return "Fingerprint[of " + marks.size() + " files]";
  }
}
