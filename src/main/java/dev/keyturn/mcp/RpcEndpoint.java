package dev.keyturn.mcp;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads JSON-RPC messages from {@code POST /mcp} and answers each request among them.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports">MCP
 *     2025-11-25, transports</a>
 */
record RpcEndpoint(Protocol protocol) {
  private static final int LARGEST_BATCH = 50;
  private static final String BEARER = "bearer ";

  void answer(RoutingContext context) {
    var request = context.request();
    if (!isJson(request)) {
      context.response().setStatusCode(415).end();
      return;
    }
    Future.succeededFuture(Optional.ofNullable(context.body().buffer()))
        .compose(body -> answer(body.orElseGet(Buffer::buffer), request))
        .recover(failure -> Future.succeededFuture(refuse(failure)))
        .onSuccess(reply -> reply.send(context));
  }

  private Future<Reply> answer(Buffer body, HttpServerRequest request) {
    var version = Optional.ofNullable(request.getHeader("MCP-Protocol-Version"));
    if (!Protocol.isKnown(version)) {
      throw RpcError.invalidRequest("Unsupported MCP-Protocol-Version");
    }
    var bearerToken = bearerToken(request);
    var json = parse(body);
    if (json instanceof JsonArray batch) {
      return answerAll(batch, version, bearerToken);
    }
    return answerOne(Message.of(json), bearerToken)
        .map(answer -> answer.map(Reply::ok).orElseGet(Reply::accepted));
  }

  private Future<Reply> answerAll(
      JsonArray batch, Optional<String> version, Optional<String> bearerToken) {
    if (!Protocol.hasBatches(version) || batch.isEmpty() || batch.size() > LARGEST_BATCH) {
      throw RpcError.invalidRequest("Not a batch that this version allows");
    }
    var answers =
        batch.stream().map(Message::of).map(message -> answerOne(message, bearerToken)).toList();
    return Future.all(answers)
        .map(all -> all.<Optional<JsonObject>>list().stream().flatMap(Optional::stream))
        .map(Stream::toList)
        .map(given -> given.isEmpty() ? Reply.accepted() : Reply.ok(new JsonArray(given)));
  }

  private Future<Optional<JsonObject>> answerOne(Message message, Optional<String> bearerToken) {
    if (!message.wantsAnswer()) {
      return Future.succeededFuture(Optional.empty());
    }
    var frame = new JsonObject().put("jsonrpc", "2.0").put("id", message.id().orElseThrow());
    return Future.succeededFuture(message)
        .compose(request -> protocol.answer(request, bearerToken))
        .map(result -> frame.put("result", result))
        .otherwise(failure -> frame.put("error", errorOf(failure)))
        .map(Optional::of);
  }

  private static Object parse(Buffer body) {
    try {
      return Json.decodeValue(body);
    } catch (DecodeException malformed) {
      throw RpcError.parseError();
    }
  }

  private static Reply refuse(Throwable failure) {
    return new Reply(
        400,
        Optional.of(
            new JsonObject().put("jsonrpc", "2.0").putNull("id").put("error", errorOf(failure))));
  }

  private static JsonObject errorOf(Throwable failure) {
    var error = failure instanceof RpcError known ? known : RpcError.internalError();
    return new JsonObject().put("code", error.number()).put("message", error.getMessage());
  }

  private static boolean isJson(HttpServerRequest request) {
    var type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
    return type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }

  private static Optional<String> bearerToken(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader("Authorization"))
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  /** A status and what is said with it: an answer, several, or nothing. */
  private record Reply(int status, Optional<Object> body) {
    static Reply ok(Object body) {
      return new Reply(200, Optional.of(body));
    }

    static Reply accepted() {
      return new Reply(202, Optional.empty());
    }

    void send(RoutingContext context) {
      var response = context.response().setStatusCode(status);
      body.ifPresentOrElse(
          json ->
              response.putHeader("Content-Type", "application/json").end(Json.encodeToBuffer(json)),
          response::end);
    }
  }
}
