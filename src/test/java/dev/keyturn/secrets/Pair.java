package dev.keyturn.secrets;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.given.Mount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Two files that belong together, such as a certificate and its key.
 *
 * <p>The reader takes any two secrets that are long enough, whether they fit or not, so that a torn
 * pair would be seen.
 */
record Pair(String first, String second) {
  private static final int LENGTH = 64;

  /** A watch of {@code first} and {@code second} in {@code directory}. */
  static WatchedFiles<Pair> watchedIn(Path directory) {
    return new WatchedFiles<>(new Disk(), files -> read(files, directory));
  }

  /** Both of the generation {@code name}. */
  static void swap(Mount mount, String name) {
    mount.swap("first", padded(name), "second", padded(name));
  }

  /** A secret of 64 bytes, of which the half is a good HMAC secret too. */
  static String padded(String name) {
    return name + ".".repeat(LENGTH - name.length());
  }

  static Pair of(String name) {
    return new Pair(padded(name), padded(name));
  }

  boolean fits() {
    return first.equals(second);
  }

  private static Reading<Pair> read(SecretFiles files, Path directory) {
    var findings = new Findings();
    var reader = new SecretReader(files, Map.of(), findings);
    var first = reader.hmac("first_file", directory.resolve("first")).map(Pair::text);
    var second = reader.hmac("second_file", directory.resolve("second")).map(Pair::text);
    Optional<Reading<Pair>> pair =
        first.flatMap(one -> second.map(other -> new Reading.Good<>(new Pair(one, other))));
    return pair.orElseGet(() -> new Reading.Bad<>(findings.errors()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What a look has brought, in a word or two. */
  static String told(Look<Pair> look) {
    if (look instanceof Look.Accepted<Pair> accepted) {
      var pair = accepted.generation().value();
      return pair.fits() ? "accepted " + pair.first.replace(".", "") : "torn";
    }
    if (look instanceof Look.Rejected<Pair> rejected) {
      return "rejected " + rejected.errors().stream().map(Finding::setting).toList();
    }
    return look.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Looks until nothing is changing any more. */
  static String settled(WatchedFiles<Pair> watched) {
    for (int i = 0; i < 10; i++) {
      var look = watched.look();
      if (!(look instanceof Look.Unsettled)) {
        return told(look);
      }
    }
    return "never settled";
  }
}
