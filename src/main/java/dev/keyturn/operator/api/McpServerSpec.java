package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where an MCP server is, what it is called in tokens, and who may come in.
 *
 * @param image a server that is run here; {@code url} is one that runs already
 * @param mcpPath where on {@code mcpPort} the image serves MCP
 * @param resourceUrl its identifier and the URL by which clients reach it
 * @param replicas left out: an autoscaler decides
 */
public record McpServerSpec(
    Optional<String> image,
    Optional<String> url,
    Transport transport,
    Optional<Integer> mcpPort,
    Optional<String> mcpPath,
    List<String> args,
    List<EnvVar> env,
    Optional<ResourceNeeds> resources,
    String resourceUrl,
    Optional<OidcSource> oidcConfig,
    Optional<AuthServerRef> authServerRef,
    Optional<ExternalAuthConfigRef> externalAuthConfigRef,
    Optional<Integer> replicas,
    Optional<Route> route) {
  public McpServerSpec {
    args = List.copyOf(args);
    env = List.copyOf(env);
  }

  /** How MCP travels; {@code stdio} has no network to guard. */
  public enum Transport {
    @JsonProperty("streamable-http")
    STREAMABLE_HTTP,
    @JsonProperty("sse")
    SSE
  }

  /** A variable of the image: a text, or an entry of a Secret. */
  public record EnvVar(String name, Optional<String> value, Optional<SecretKeyRef> secretRef) {}

  /** What the image's container asks for, and what it may take at most. */
  public record ResourceNeeds(Map<String, String> requests, Map<String, String> limits) {
    public ResourceNeeds {
      requests = Map.copyOf(requests);
      limits = Map.copyOf(limits);
    }
  }

  /** Where the server's audience and scopes stand. */
  public record OidcSource(
      Type type, Optional<Inline> inline, Optional<ConfigMapKeyRef> configMap) {
    /** Here, or in a ConfigMap. */
    public enum Type {
      @JsonProperty("inline")
      INLINE,
      @JsonProperty("configMap")
      CONFIG_MAP
    }

    /**
     * What tokens for this server look like.
     *
     * @param audience a further accepted one, where that is not {@code resourceUrl}
     */
    public record Inline(Optional<String> audience, List<String> scopes) {
      public Inline {
        scopes = List.copyOf(scopes);
      }
    }
  }

  /** Who may come in: an {@code MCPExternalAuthConfig} of type {@code embeddedAuthServer}. */
  public record AuthServerRef(String kind, String name) {}

  /** What goes out: an {@code MCPExternalAuthConfig}. */
  public record ExternalAuthConfigRef(String name) {}
}
