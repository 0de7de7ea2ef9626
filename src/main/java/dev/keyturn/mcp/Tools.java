package dev.keyturn.mcp;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Function;

/**
 * The two tools: {@code whoami} tells whose bearer token arrived, {@code greet} says hello.
 *
 * <p>A wrong argument is an answer with {@code isError}, which the model sees and can correct; an
 * unknown tool is a protocol error.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">MCP
 *     2025-11-25, tools</a>
 */
record Tools(Function<String, Future<Optional<TokenFacts>>> issuer) {
  private static final int LONGEST_NAME = 100;

  JsonObject list() {
    var whoami =
        tool("whoami", "Tells whose upstream token arrived with this request, and its expiry.")
            .put("inputSchema", new JsonObject().put("type", "object"));
    var name =
        new JsonObject().put("type", "string").put("minLength", 1).put("maxLength", LONGEST_NAME);
    var greet =
        tool("greet", "Says hello to the given name.")
            .put(
                "inputSchema",
                new JsonObject()
                    .put("type", "object")
                    .put("properties", new JsonObject().put("name", name))
                    .put("required", new JsonArray().add("name")));
    return new JsonObject().put("tools", new JsonArray().add(whoami).add(greet));
  }

  Future<JsonObject> call(JsonObject params, Optional<String> bearerToken) {
    var arguments = params.getValue("arguments", new JsonObject());
    if (!(arguments instanceof JsonObject given)) {
      throw RpcError.invalidParams("arguments must be an object");
    }
    if ("whoami".equals(params.getValue("name"))) {
      return whoami(bearerToken);
    }
    if ("greet".equals(params.getValue("name"))) {
      return Future.succeededFuture(greet(given.getValue("name")));
    }
    throw RpcError.invalidParams("Unknown tool");
  }

  private Future<JsonObject> whoami(Optional<String> bearerToken) {
    return bearerToken
        .map(token -> issuer.apply(token).map(Tools::describe))
        .orElseGet(() -> Future.succeededFuture(said("No upstream token arrived.", false)));
  }

  private static JsonObject describe(Optional<TokenFacts> facts) {
    return facts
        .map(Tools::describe)
        .orElseGet(() -> said("A token arrived, but its issuer does not know it.", true));
  }

  private static JsonObject describe(TokenFacts facts) {
    var expiry = facts.expiresAt().toString();
    var who = facts.subject() + facts.name().map(name -> " (" + name + ")").orElse("");
    var structured = new JsonObject().put("subject", facts.subject()).put("expires_at", expiry);
    facts.name().ifPresent(name -> structured.put("name", name));
    return said("The upstream token of " + who + " arrived. It expires at " + expiry + ".", false)
        .put("structuredContent", structured);
  }

  private static JsonObject greet(Object name) {
    if (name instanceof String text && !text.isBlank() && text.length() <= LONGEST_NAME) {
      return said("Hello, " + text + "!", false);
    }
    return said("name must be a text of 1 to " + LONGEST_NAME + " characters.", true);
  }

  private static JsonObject tool(String name, String description) {
    return new JsonObject().put("name", name).put("description", description);
  }

  private static JsonObject said(String text, boolean isError) {
    var content = new JsonObject().put("type", "text").put("text", text);
    return new JsonObject().put("content", new JsonArray().add(content)).put("isError", isError);
  }
}
