package dev.keyturn.operator.api;

import java.util.Optional;

/**
 * The resource {@code MCPExternalAuthConfig}: who may come in to MCP servers, or what goes out to
 * them; one of it serves many servers.
 */
public record ExternalAuthConfig(
    String apiVersion,
    String kind,
    Metadata metadata,
    ExternalAuthSpec spec,
    Optional<ExternalAuthStatus> status) {
  /** As {@code kind} spells it. */
  public static final String KIND = "MCPExternalAuthConfig";

  /** The resource as somebody writes it down, without a status. */
  public static ExternalAuthConfig of(Metadata metadata, ExternalAuthSpec spec) {
    return new ExternalAuthConfig(Resources.API_VERSION, KIND, metadata, spec, Optional.empty());
  }
}
