package dev.keyturn.operator.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;
import dev.keyturn.operator.api.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The resources and ConfigMaps of one YAML text, as a namespace would have them. */
public final class GivenNamespace {
  public static final Pod POD =
      new Pod(
          "ghcr.io/example/keyturn:1",
          new ResourceNeeds(Map.of("cpu", "100m"), Map.of("memory", "512Mi")));

  private final List<ExternalAuthConfig> configs = new ArrayList<>();
  private final List<McpServer> servers = new ArrayList<>();
  private final Map<String, Map<String, String>> configMaps = new HashMap<>();

  private GivenNamespace(String yaml) {
    var mapper = new YAMLMapper();
    try (MappingIterator<JsonNode> objects = mapper.readerFor(JsonNode.class).readValues(yaml)) {
      objects.forEachRemaining(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static GivenNamespace of(String yaml) {
    return new GivenNamespace(yaml);
  }

  public static GivenNamespace in(Path file) {
    try {
      return of(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(JsonNode object) {
    var resources = new Resources();
    switch (object.path("kind").asText()) {
      case ExternalAuthConfig.KIND -> configs.add(resources.read(object, ExternalAuthConfig.class));
      case McpServer.KIND -> servers.add(resources.read(object, McpServer.class));
      case "ConfigMap" -> {
        var content = new HashMap<String, String>();
        object
            .path("data")
            .properties()
            .forEach(e -> content.put(e.getKey(), e.getValue().asText()));
        configMaps.put(object.at("/metadata/name").asText(), content);
      }
      default -> throw new AssertionError("what is " + object + "?");
    }
  }

  public List<ExternalAuthConfig> configs() {
    return configs;
  }

  public List<McpServer> servers() {
    return servers;
  }

  public Map<String, Map<String, String>> configMaps() {
    return configMaps;
  }

  /** The first config of all, with everything else. */
  public Scene scene() {
    return new Scene(configs.get(0), servers, configs, configMaps);
  }

  /** What the first config of all is rendered to. */
  public Rendered rendered() {
    return new Rendering(POD).of(scene());
  }
}
