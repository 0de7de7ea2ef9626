package dev.keyturn.given;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The jar as people run it. */
public final class Jar {
  private static final String URL = "MCP URL: ";

  private Jar() {}

  /** Starts a command of the jar in {@code folder}. */
  public static Running start(Path folder, String... arguments) {
    return start(folder, List.of(), arguments);
  }

  /** Starts a command of the jar in {@code folder}, with options for the JVM. */
  public static Running start(Path folder, List<String> options, String... arguments) {
    return start(folder, Map.of(), options, arguments);
  }

  /** Starts a command of the jar in {@code folder}, as in a pod whose API server is here. */
  public static Running inPod(Path folder, int apiServer, String... arguments) {
    return inPod(folder, apiServer, Map.of(), arguments);
  }

  /** The same, with further variables. */
  public static Running inPod(
      Path folder, int apiServer, Map<String, String> variables, String... arguments) {
    var all = new HashMap<>(variables);
    all.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
    all.put("KUBERNETES_SERVICE_PORT", String.valueOf(apiServer));
    return start(folder, all, List.of(), arguments);
  }

  private static Running start(
      Path folder, Map<String, String> variables, List<String> options, String... arguments) {
    var jar = Path.of(System.getProperty("keyturn.jar", "target/keyturn.jar")).toAbsolutePath();
    if (!Files.exists(jar)) {
      throw new AssertionError(jar + " is missing: mvn package makes it");
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    return Running.start(folder, variables, command);
  }

  /** Starts the demo on a free port. */
  public static Running demo(Path folder) {
    return start(folder, "demo", "--port", "0");
  }

  /** The MCP URL that a demo has printed. */
  public static URI mcp(Running demo) {
    return URI.create(demo.line(line -> line.startsWith(URL)).substring(URL.length()));
  }
}
