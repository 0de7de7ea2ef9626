package dev.keyturn.operator.admission;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;

/** A resource that is to be judged. */
public sealed interface Subject {
  /** As a remark names it: {@code kind/name}. */
  String name();

  /** An {@code MCPExternalAuthConfig}. */
  record Config(ExternalAuthConfig config) implements Subject {
    @Override
    public String name() {
      return ExternalAuthConfig.KIND + "/" + config.metadata().name();
    }
  }

  /** An {@code MCPServer}. */
  record Server(McpServer server) implements Subject {
    @Override
    public String name() {
      return McpServer.KIND + "/" + server.metadata().name();
    }
  }
}
