package dev.keyturn.mcp;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * The methods of the Model Context Protocol that a server of tools answers.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP
 *     2025-11-25, lifecycle</a>
 */
record Protocol(Tools tools) {
  private static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");

  /** The only version with batches. */
  private static final String OLDEST = "2025-03-26";

  Future<JsonObject> answer(Message message, Optional<String> bearerToken) {
    var params = message.params();
    return switch (message.method()) {
      case "initialize" -> Future.succeededFuture(initialize(params));
      case "ping" -> Future.succeededFuture(new JsonObject());
      case "tools/list" -> Future.succeededFuture(tools.list());
      case "tools/call" -> tools.call(params, bearerToken);
      default -> Future.failedFuture(RpcError.methodNotFound());
    };
  }

  /** A client that names no version in its header speaks the one from before there was a header. */
  static boolean isKnown(Optional<String> versionHeader) {
    return VERSIONS.contains(versionHeader.orElse(OLDEST));
  }

  static boolean hasBatches(Optional<String> versionHeader) {
    return versionHeader.orElse(OLDEST).equals(OLDEST);
  }

  private static JsonObject initialize(JsonObject params) {
    if (!(params.getValue("protocolVersion") instanceof String asked)) {
      throw RpcError.invalidParams("protocolVersion is missing");
    }
    return new JsonObject()
        .put("protocolVersion", VERSIONS.contains(asked) ? asked : VERSIONS.get(0))
        .put("capabilities", new JsonObject().put("tools", new JsonObject()))
        .put(
            "serverInfo",
            new JsonObject()
                .put("name", "keyturn-sample")
                .put("title", "Keyturn sample server")
                .put("version", "1"))
        .put("instructions", "Call whoami to see whose upstream token arrives here.");
  }
}
