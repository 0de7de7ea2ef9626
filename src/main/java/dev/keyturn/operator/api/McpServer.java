package dev.keyturn.operator.api;

import java.util.Optional;

/** The resource {@code MCPServer}: an MCP server that Keyturn stands in front of. */
public record McpServer(
    String apiVersion,
    String kind,
    Metadata metadata,
    McpServerSpec spec,
    Optional<McpServerStatus> status) {
  /** As {@code kind} spells it. */
  public static final String KIND = "MCPServer";

  /** The resource as somebody writes it down, without a status. */
  public static McpServer of(Metadata metadata, McpServerSpec spec) {
    return new McpServer(Resources.API_VERSION, KIND, metadata, spec, Optional.empty());
  }
}
