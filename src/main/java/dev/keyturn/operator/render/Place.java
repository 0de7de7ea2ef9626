package dev.keyturn.operator.render;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.render.Remark.Weight;

/**
 * A field of a resource.
 *
 * @param object the resource as {@code kind/name}
 */
public record Place(String object, String field) {
  static Place of(ExternalAuthConfig config, String field) {
    return new Place(ExternalAuthConfig.KIND + "/" + config.metadata().name(), field);
  }

  static Place of(McpServer server, String field) {
    return new Place(McpServer.KIND + "/" + server.metadata().name(), field);
  }

  Place at(String below) {
    return new Place(object, field + below);
  }

  /** Something to say of it. */
  public Remark remark(Weight weight, String message, String remedy) {
    return new Remark(weight, object, field, message, remedy);
  }
}
