package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * What an {@code MCPExternalAuthConfig} is for: a type, and the one part that goes with it.
 *
 * <p>The schema sees to it that exactly that part is there; {@code unauthenticated} has none.
 */
public record ExternalAuthSpec(
    Type type,
    Optional<EmbeddedAuthServer> embeddedAuthServer,
    Optional<TokenExchange> tokenExchange,
    Optional<HeaderInjection> headerInjection,
    Optional<BearerToken> bearerToken,
    Optional<UpstreamInject> upstreamInject,
    Optional<AwsSts> awsSts,
    Optional<Xaa> xaa) {
  /** The kinds of authentication; it never changes once a resource is there. */
  public enum Type {
    @JsonProperty("embeddedAuthServer")
    EMBEDDED_AUTH_SERVER,
    @JsonProperty("tokenExchange")
    TOKEN_EXCHANGE,
    @JsonProperty("headerInjection")
    HEADER_INJECTION,
    @JsonProperty("bearerToken")
    BEARER_TOKEN,
    @JsonProperty("unauthenticated")
    UNAUTHENTICATED,
    @JsonProperty("upstreamInject")
    UPSTREAM_INJECT,
    @JsonProperty("awsSts")
    AWS_STS,
    @JsonProperty("xaa")
    XAA;

    /** Whether it says who may come in; every other type says what goes out. */
    public boolean isIncoming() {
      return this == EMBEDDED_AUTH_SERVER;
    }
  }
}
