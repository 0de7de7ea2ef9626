package dev.keyturn.given;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * As much of a cluster as the documentation needs: {@code kubectl} changes Secrets and ConfigMaps,
 * and a kubelet that never waits exchanges the folders in which they are mounted.
 *
 * <p>It understands the commands of the documentation in exactly their form, and refuses others.
 */
public final class FakeCluster implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Mount> mounts;
  private final Map<String, Map<String, byte[]>> contents = new TreeMap<>();
  private final Path folder;
  private final Supplier<List<String>> logs;
  private final HttpServer server;

  /**
   * @param folder where the commands are run
   * @param mounts where each Secret is seen, and the ConfigMap as {@code config}
   * @param logs what the pod has printed
   */
  public FakeCluster(Path folder, Map<String, Mount> mounts, Supplier<List<String>> logs) {
    this.folder = folder;
    this.mounts = Map.copyOf(mounts);
    this.logs = logs;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** Puts content in place, as something that was there before. */
  public void has(String name, Map<String, byte[]> content) {
    contents.put(name, new TreeMap<>(content));
    mounts.get(name).swap(content);
  }

  /** Writes the command into a directory of its own, which is to stand in {@code PATH}. */
  public Path command(Path directory) throws IOException {
    var script = Files.createDirectories(directory).resolve("kubectl");
    Files.writeString(
        script,
        """
        #!/bin/bash
        case " $* " in *" -f - "*|*/dev/stdin*) input=@- ;; *) input= ;; esac
        exec curl -sS --fail-with-body --data-binary "$input" \
          -H "Arguments: $(printf '%%s\\n' "$@" | base64 | tr -d '\\n')" http://127.0.0.1:%d/
        """
            .formatted(server.getAddress().getPort()));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return directory;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var encoded = exchange.getRequestHeaders().getFirst("Arguments");
    var arguments = new String(Base64.getDecoder().decode(encoded), UTF_8).lines().toList();
    var input = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    var status = 200;
    String text;
    try {
      text = run(arguments, input);
    } catch (IOException | IllegalArgumentException e) {
      status = 400;
      text = "kubectl: " + e.getMessage() + "\n";
    }
    var bytes = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized String run(List<String> arguments, String input) throws IOException {
    var words = String.join(" ", arguments);
    if (words.matches("create secret (generic|tls) \\S+ (--\\S+=\\S+ )+-o yaml")) {
      return manifest(arguments);
    } else if (words.matches("(create|apply --server-side) -f -")) {
      return apply(input);
    } else if (words.matches("apply --server-side -f \\S+")) {
      return apply(Files.readString(folder.resolve(arguments.get(3))));
    } else if (words.equals("patch secret " + name(arguments) + " --patch-file /dev/stdin")) {
      return patch(name(arguments), json.readTree(input));
    } else if (words.startsWith("patch secret " + name(arguments) + " --patch {")) {
      return patch(name(arguments), json.readTree(arguments.get(4)));
    } else if (words.equals("get secret " + name(arguments) + " -o json")) {
      return encoded(name(arguments)).toString();
    } else if (words.matches("logs deployment/keyturn --since=\\w+")) {
      return logs.get().stream().collect(Collectors.joining("\n", "", "\n"));
    } else if (words.equals("port-forward deployment/keyturn 9090")) {
      return "Forwarding from 127.0.0.1:9090 -> 9090\n";
    }
    throw new IllegalArgumentException("not known here: " + words);
  }

  private static String name(List<String> arguments) {
    return arguments.size() > 2 ? arguments.get(2) : "";
  }

  /** What {@code --dry-run=client} prints: JSON, which is YAML. */
  private String manifest(List<String> arguments) throws IOException {
    if (!arguments.contains("--dry-run=client")) {
      throw new IllegalArgumentException("it would exist already");
    }
    var object = json.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
    object.putObject("metadata").put("name", arguments.get(3));
    var data = object.putObject("data");
    for (var argument : arguments.subList(4, arguments.size())) {
      var value = argument.substring(argument.indexOf('=') + 1);
      if (argument.startsWith("--from-file=")) {
        data.put(value, Files.readAllBytes(folder.resolve(value)));
      } else if (argument.startsWith("--cert=")) {
        data.put("tls.crt", Files.readAllBytes(folder.resolve(value)));
      } else if (argument.startsWith("--key=")) {
        data.put("tls.key", Files.readAllBytes(folder.resolve(value)));
      }
    }
    return object.toString();
  }

  private String apply(String manifest) throws IOException {
    var object = Manifests.parse(manifest).get(0);
    var isMap = object.path("kind").asText().equals("ConfigMap");
    var name = isMap ? "config" : object.at("/metadata/name").asText();
    var content = new TreeMap<String, byte[]>();
    for (var entry : object.path("data").properties()) {
      var value = entry.getValue();
      content.put(
          entry.getKey(),
          isMap ? Mount.bytes(value.asText()) : Base64.getDecoder().decode(value.asText()));
    }
    for (var entry : object.path("stringData").properties()) {
      content.put(entry.getKey(), Mount.bytes(entry.getValue().asText()));
    }
    known(name);
    has(name, content);
    return name + " applied\n";
  }

  private String patch(String name, JsonNode patch) throws IOException {
    var content = new TreeMap<>(known(name));
    for (var entry : patch.path("data").properties()) {
      if (entry.getValue().isNull()) {
        content.remove(entry.getKey());
      } else {
        content.put(entry.getKey(), entry.getValue().binaryValue());
      }
    }
    for (var entry : patch.path("stringData").properties()) {
      content.put(entry.getKey(), Mount.bytes(entry.getValue().asText()));
    }
    has(name, content);
    return "secret/" + name + " patched\n";
  }

  private ObjectNode encoded(String name) {
    var object = json.createObjectNode();
    var data = object.putObject("data");
    known(name).forEach(data::put);
    return object;
  }

  private Map<String, byte[]> known(String name) {
    if (!mounts.containsKey(name)) {
      throw new IllegalArgumentException(name + " is not mounted");
    }
    return contents.getOrDefault(name, Map.of());
  }
}
