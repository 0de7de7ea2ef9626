package dev.keyturn.operator.render;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to run for one config at one issuer.
 *
 * @param name of its Deployment, Service and ConfigMap
 * @param servers the names of the MCP servers behind it
 * @param runConfig the run configuration, as YAML without any secret
 * @param origins for settings of servers, where they are written
 * @param mounts what the pods see, in the order of their paths
 * @param replicas left out: an autoscaler decides
 * @param restartHash changes exactly when pods must be replaced
 * @param redirectUris what must be registered at the providers
 * @param urls what is served
 */
public record Deployed(
    String name,
    String issuer,
    List<String> servers,
    String runConfig,
    Map<String, Place> origins,
    List<Mount> mounts,
    Optional<Integer> replicas,
    String restartHash,
    List<String> redirectUris,
    List<String> urls) {
  /** The key of the ConfigMap under which the run configuration stands. */
  public static final String KEY = "keyturn.yaml";

  /** The field of a resource that {@code setting} of the run configuration is written from. */
  public Place place(String setting) {
    return origin(setting).orElseGet(() -> inConfig(setting));
  }

  /** The same, where it is not the config's own table that says it. */
  public Optional<Place> origin(String setting) {
    return origins.keySet().stream()
        .filter(origin -> !origin.isEmpty() && setting.startsWith(origin))
        .max(Comparator.comparingInt(String::length))
        .map(origin -> at(origin, setting.substring(origin.length())));
  }

  /**
   * What a resource calls the last part of {@code setting}; the same where it has no such field.
   */
  public static String word(String setting) {
    return Fields.EMBEDDED
        .all()
        .filter(row -> row.setting().equals(setting) || row.setting().endsWith("." + setting))
        .map(Shape.Row::field)
        .findFirst()
        .orElse(setting);
  }

  private Place at(String origin, String rest) {
    var place = Objects.requireNonNull(origins.get(origin));
    if (origin.startsWith("clients[")) {
      var below = Fields.EMBEDDED.field(origin + rest).orElse(origin);
      return place.at(below.substring(below.indexOf(']') + 1));
    }
    return rest.startsWith("[") && origin.endsWith(".scopes") ? place.at(rest) : place;
  }

  private Place inConfig(String setting) {
    var place = Objects.requireNonNull(origins.get(""));
    return Fields.EMBEDDED.field(setting).map(field -> place.at("." + field)).orElse(place);
  }

  public Deployed {
    servers = List.copyOf(servers);
    origins = Map.copyOf(origins);
    mounts = List.copyOf(mounts);
    redirectUris = List.copyOf(redirectUris);
    urls = List.copyOf(urls);
  }
}
