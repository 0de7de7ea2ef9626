package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Metadata;
import dev.keyturn.operator.api.Resources;

/**
 * The resource for which an object is made, and with which it goes.
 *
 * @param kind as the resource spells it
 */
public record Owner(String kind, String namespace, String name, String uid) {
  public static Owner of(ExternalAuthConfig config) {
    return of(ExternalAuthConfig.KIND, config.metadata());
  }

  public static Owner of(McpServer server) {
    return of(McpServer.KIND, server.metadata());
  }

  private static Owner of(String kind, Metadata metadata) {
    return new Owner(
        kind,
        metadata.namespace().orElse("default"),
        metadata.name(),
        metadata.uid().orElseThrow(() -> new IllegalArgumentException("it is not stored yet")));
  }

  /** The entry among the owners of an object. */
  ObjectNode reference() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", Resources.API_VERSION)
        .put("kind", kind)
        .put("name", name)
        .put("uid", uid)
        .put("controller", true)
        .put("blockOwnerDeletion", false);
  }
}
