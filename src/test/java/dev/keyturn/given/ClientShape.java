package dev.keyturn.given;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a real client says of itself, and how it comes back.
 *
 * @param callback where it is reached at a login; a program may take another port each time
 * @param union whether a step-up asks for all scopes again, and for consent, or for the new one
 * @param version what tells it from all others of its kind
 */
public record ClientShape(String name, String callback, boolean union, Optional<String> version) {
  /** All that are known. */
  public static Stream<ClientShape> all() {
    return text("/dev/keyturn/flow/client-shapes.psv")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\\|", -1))
        .map(
            parts ->
                new ClientShape(parts[0], parts[1], parts[2].equals("union"), Optional.empty()));
  }

  /** What it registers. */
  public JsonObject metadata() {
    var metadata = new JsonObject(text("/dev/keyturn/registration/" + name + ".json"));
    version.ifPresent(own -> metadata.put("software_version", own));
    return metadata;
  }

  /** The same client in a version that nobody has met, and so allowed, before. */
  public ClientShape unmet() {
    return new ClientShape(name, callback, union, Optional.of(UUID.randomUUID().toString()));
  }

  /** The client, which has just registered itself. */
  public McpClient registered(Place place) {
    var answer = new Wire().postJson(place.url("/oauth/register"), Map.of(), metadata().encode());
    if (answer.status() != 201) {
      throw new AssertionError(name + ": " + answer.body());
    }
    return new McpClient(place, answer.text("client_id"), callback);
  }

  /** The client, which publishes the same instead. */
  public McpClient published(Place place, MetadataHost host) {
    var document =
        metadata().put("client_id", host.url("/" + name + version.orElse("") + ".json").toString());
    return McpClient.byDocument(place, host, document, callback);
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
