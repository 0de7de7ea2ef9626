package dev.keyturn.operator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Manifests that are good ones with one or two random changes, the same ones every time. */
final class RandomManifests {
  /** What a real API server says to each. */
  static final Path RECORD = BadManifests.FOLDER.resolve("verdicts.psv");

  private static final int COUNT = 400;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a b",
          "a",
          "A",
          "0",
          "openid",
          "x".repeat(300),
          "https://mcp.example.com",
          "https://mcp.example.com/",
          "https://mcp.example.com/a/b",
          "https://mcp.example.com:8443/a",
          "https://mcp.example.com?x=1",
          "https://mcp.example.com#x",
          "https://u@mcp.example.com",
          "https://-mcp.example.com",
          "https://mcp..example.com",
          "https://mcp.example.com/%zz",
          "https://mcp.example.com/a//b",
          "HTTPS://mcp.example.com",
          "http://mcp.example.com",
          "http://localhost:8080",
          "http://127.0.0.1/cb",
          "http://[::1]:8080/cb",
          "http://localhost.evil.example",
          "com.example.app:/callback",
          "javascript:alert(1)",
          "0s",
          "1s",
          "90s",
          "1m",
          "10m",
          "1h30m",
          "1.5h",
          "24h",
          "1d",
          "-5m",
          "9999h",
          "redis:6379",
          "*",
          "u_x",
          "memory",
          "required",
          "a.b|@upstreamjwt|c",
          "a..b",
          "@x");

  private RandomManifests() {}

  /** All of them, and what {@code judge} says: a line {@code number|verdict} each. */
  static String record(Function<JsonNode, List<String>> judge) {
    return IntStream.range(0, COUNT)
        .mapToObj(
            number ->
                number + "|" + verdict(judge.apply(manifest(number))).replace("\n", "\\n") + "\n")
        .collect(Collectors.joining());
  }

  private static String verdict(List<String> complaints) {
    return complaints.isEmpty() ? "accepted" : String.join(" && ", complaints);
  }

  static JsonNode manifest(int number) {
    var random = new Random(number);
    var good = BadManifests.good();
    var manifest = BadManifests.good(good.get(random.nextInt(good.size())));
    for (int i = random.nextInt(3); i >= 0; i--) {
      var places = new ArrayList<Consumer<Random>>();
      collect(manifest.get("spec"), places);
      places.add(none -> {});
      places.get(random.nextInt(places.size())).accept(random);
    }
    return manifest;
  }

  private static void collect(JsonNode value, List<Consumer<Random>> places) {
    if (value instanceof ObjectNode object) {
      for (var field : object.properties()) {
        places.add(random -> change(object, field.getKey(), random));
        collect(field.getValue(), places);
      }
    }
    if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        var index = i;
        places.add(random -> array.set(index, other(array.get(index), random)));
        collect(array.get(i), places);
      }
      if (!array.isEmpty()) {
        places.add(random -> array.add(array.get(random.nextInt(array.size())).deepCopy()));
      }
    }
  }

  private static void change(ObjectNode object, String field, Random random) {
    if (random.nextInt(4) == 0) {
      object.remove(field);
    } else {
      object.set(field, other(object.get(field), random));
    }
  }

  private static JsonNode other(JsonNode value, Random random) {
    if (random.nextInt(12) == 0) {
      return List.<JsonNode>of(
              JSON.numberNode(7), JSON.textNode("7"), JSON.arrayNode(), JSON.objectNode())
          .get(random.nextInt(4));
    }
    return switch (value.getNodeType()) {
      case STRING -> JSON.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case BOOLEAN -> JSON.booleanNode(!value.booleanValue());
      case NUMBER -> JSON.numberNode(List.of(-1, 0, 1, 5, 1000, 70000).get(random.nextInt(6)));
      case ARRAY -> JSON.arrayNode();
      default -> JSON.objectNode();
    };
  }
}
