package dev.keyturn.given;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Node and the programs of {@code src/test/node}; tests that need them are skipped without. */
public final class Node {
  private static final Path FOLDER = Path.of("src/test/node").toAbsolutePath();
  private static final String INSTALL = "npm --prefix src/test/node ci";
  private static final int SECONDS = 600;

  private Node() {}

  /** Ends the test here if Node or the packages are missing; on CI it fails. */
  public static void required() {
    required("oauth4webapi");
  }

  /** Likewise, for tests of one package. */
  public static void required(String module) {
    if (!Files.isExecutable(binary())
        || !Files.exists(FOLDER.resolve("node_modules").resolve(module))) {
      missing("Node 22 or its packages are missing: " + INSTALL + " (or -Dkeyturn.node=PATH)");
    }
  }

  /** Tells where Chromium is; ends the test here if it is missing. */
  public static Path chromium() {
    var path = Path.of(Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium"));
    if (!Files.isExecutable(path)) {
      missing(path + " is missing: apt-get install chromium (or CHROMIUM=PATH)");
    }
    return path;
  }

  /** Starts a program that goes on until it is stopped. */
  public static Running start(String program, String... arguments) {
    var command = new ArrayList<String>();
    command.add(binary().toString());
    command.add(program);
    command.addAll(List.of(arguments));
    return Running.start(FOLDER, command);
  }

  /** Runs a program to its end, which must be a good one; tells what it printed. */
  public static List<String> run(String program, String... arguments) {
    var running = start(program, arguments);
    var code = running.exit(SECONDS);
    if (code != 0) {
      throw new AssertionError(
          program + " ended with " + code + ":\n" + String.join("\n", running.lines()));
    }
    return running.lines();
  }

  private static Path binary() {
    return Optional.ofNullable(System.getProperty("keyturn.node"))
        .map(Path::of)
        .orElse(FOLDER.resolve("node_modules/.bin/node"));
  }

  private static void missing(String what) {
    if ("true".equals(System.getenv("CI"))) {
      Assertions.fail(what);
    }
    Assumptions.abort(what);
  }
}
