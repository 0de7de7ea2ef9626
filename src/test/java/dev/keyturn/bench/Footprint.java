package dev.keyturn.bench;

import dev.keyturn.given.Patience;
import dev.keyturn.given.Running;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a process holds at one moment.
 *
 * @param heap bytes of the objects that are still reachable, after a collection
 * @param resident kilobytes that the system has given it
 * @param threads of the operating system
 * @param descriptors open files and sockets
 */
record Footprint(long heap, long resident, long threads, long descriptors) {
  private static final Pattern LIVE = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  static Footprint of(long pid) {
    try (var open = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
      var status = Files.readString(Path.of("/proc", String.valueOf(pid), "status"));
      return new Footprint(
          number(LIVE, histogram(pid)),
          number(Pattern.compile("VmRSS:\\s+(\\d+)"), status),
          number(Pattern.compile("Threads:\\s+(\\d+)"), status),
          open.count());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("live_heap_kb", heap / 1024)
        .put("resident_kb", resident)
        .put("threads", threads)
        .put("descriptors", descriptors);
  }

  /** The JVM counts what it reaches only after it has collected the rest. */
  private static String histogram(long pid) {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    var command = List.of(jcmd.toString(), String.valueOf(pid), "GC.class_histogram");
    try (var asked = Running.start(Path.of("."), command)) {
      asked.exit(Patience.SECONDS);
      return String.join("\n", asked.lines());
    }
  }

  private static long number(Pattern pattern, String text) {
    var found = pattern.matcher(text);
    if (!found.find()) {
      throw new IllegalStateException(pattern + " is not in " + text);
    }
    return Long.parseLong(found.group(1));
  }
}
