package dev.keyturn.mcp;

import java.io.Serial;

/**
 * A JSON-RPC error: its number and a message that holds nothing of the request.
 *
 * @see <a href="https://www.jsonrpc.org/specification#error_object">JSON-RPC 2.0, section 5.1</a>
 */
final class RpcError extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int number;

  private RpcError(int number, String message) {
    super(message, null, false, false);
    this.number = number;
  }

  static RpcError parseError() {
    return new RpcError(-32700, "Parse error");
  }

  static RpcError invalidRequest(String message) {
    return new RpcError(-32600, message);
  }

  static RpcError methodNotFound() {
    return new RpcError(-32601, "Method not found");
  }

  static RpcError invalidParams(String message) {
    return new RpcError(-32602, message);
  }

  static RpcError internalError() {
    return new RpcError(-32603, "Internal error");
  }

  int number() {
    return number;
  }
}
