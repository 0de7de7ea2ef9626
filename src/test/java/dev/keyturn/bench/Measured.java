package dev.keyturn.bench;

import dev.keyturn.given.Jar;
import dev.keyturn.given.Place;
import dev.keyturn.given.Running;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of one's own process whose work is measured.
 *
 * @param name of its row in the result
 * @param url of what is asked
 */
record Measured(String name, Running process, URI url) implements Place, AutoCloseable {
  private static final int FIRST_TIMES = 11;
  private static final long NANOS_A_TICK = 10_000_000;

  /** The demo, with further options for its JVM. */
  static Measured demo(String name, String... options) {
    var all = new ArrayList<>(List.of("-Xmx256m"));
    all.addAll(List.of(options));
    var process = Jar.start(Path.of("").toAbsolutePath(), all, "demo", "--port", "0");
    return new Measured(name, process, Jar.mcp(process).resolve("/oauth/token"));
  }

  /** A server of the same toolkit that does nothing. */
  static Measured floor() {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = System.getProperty("java.class.path");
    var command = List.of(java, "-Xmx256m", "-cp", classes, Floor.class.getName());
    var process = Running.start(Path.of("").toAbsolutePath(), command);
    return new Measured("floor", process, URI.create(process.line(line -> line.contains("://"))));
  }

  @Override
  public URI url(String path) {
    return url.resolve(path);
  }

  @Override
  public URI browserUrl(String path) {
    return url(path);
  }

  @Override
  public URI mcp() {
    return url.resolve("/mcp");
  }

  /** The processor time that it has used, in nanoseconds; the system counts in ticks of 10 ms. */
  long processorTime() {
    try {
      var line = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
      var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      var ticks = Long.parseLong(fields[FIRST_TIMES]) + Long.parseLong(fields[FIRST_TIMES + 1]);
      return ticks * NANOS_A_TICK;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
