package dev.keyturn.mcp;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A JSON-RPC message that a client sent: a request, or something that wants no answer.
 *
 * @param id absent for a notification and for a client's own answer
 */
record Message(Optional<Object> id, String method, JsonObject params) {
  static Message of(Object json) {
    if (!(json instanceof JsonObject message) || !"2.0".equals(message.getValue("jsonrpc"))) {
      throw RpcError.invalidRequest("Not a JSON-RPC 2.0 message");
    }
    if (!message.containsKey("method")) {
      return answer(message);
    }
    if (!(message.getValue("method") instanceof String method)) {
      throw RpcError.invalidRequest("method must be a string");
    }
    return new Message(id(message), method, params(message));
  }

  boolean wantsAnswer() {
    return id.isPresent();
  }

  /** This server asks nothing, so an answer is taken and forgotten. */
  private static Message answer(JsonObject message) {
    if (!message.containsKey("result") && !message.containsKey("error")) {
      throw RpcError.invalidRequest("Neither a request nor an answer");
    }
    return new Message(Optional.empty(), "", new JsonObject());
  }

  private static Optional<Object> id(JsonObject message) {
    if (!message.containsKey("id")) {
      return Optional.empty();
    }
    var id = message.getValue("id");
    if (id instanceof String || id instanceof Number) {
      return Optional.of(id);
    }
    throw RpcError.invalidRequest("id must be a string or a number");
  }

  private static JsonObject params(JsonObject message) {
    var params = message.getValue("params");
    if (params == null) {
      return new JsonObject();
    }
    if (params instanceof JsonObject object) {
      return object;
    }
    throw RpcError.invalidRequest("params must be an object");
  }
}
