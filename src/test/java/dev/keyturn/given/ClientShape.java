package dev.keyturn.given;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a real client says of itself, and how it comes back.
 *
 * @param callback where it is reached at a login; a program may take another port each time
 * @param union whether a step-up asks for all scopes again, and for consent, or for the new one
 */
public record ClientShape(String name, String callback, boolean union) {
  /** All that are known. */
  public static Stream<ClientShape> all() {
    return text("/dev/keyturn/flow/client-shapes.psv")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\\|"))
        .map(parts -> new ClientShape(parts[0], parts[1], parts[2].equals("union")));
  }

  /** What it registers. */
  public JsonObject metadata() {
    return new JsonObject(text("/dev/keyturn/registration/" + name + ".json"));
  }

  /** The client, which has just registered itself. */
  public McpClient registered(Place place) {
    var answer = new Wire().postJson(place.url("/oauth/register"), Map.of(), metadata().encode());
    if (answer.status() != 201) {
      throw new AssertionError(name + ": " + answer.body());
    }
    return new McpClient(place, answer.text("client_id"), callback);
  }

  private static String text(String resource) {
    try (var file = ClientShape.class.getResourceAsStream(resource)) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
