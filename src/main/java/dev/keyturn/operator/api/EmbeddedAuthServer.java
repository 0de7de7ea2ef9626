package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * The part {@code embeddedAuthServer}: an authorization server for the MCP servers that name it.
 *
 * <p>It is as wide as the resource. Audiences are missing on purpose: they come from the servers.
 *
 * @param issuer left out: each server's {@code resourceUrl}
 * @param scopesSupported what is granted where a server names no scopes of its own
 */
public record EmbeddedAuthServer(
    Optional<String> issuer,
    Optional<String> authorizationEndpointBaseUrl,
    List<SecretKeyRef> signingKeySecretRefs,
    List<String> revokedKeys,
    List<SecretKeyRef> hmacSecretRefs,
    List<SecretKeyRef> vaultKeySecretRefs,
    Optional<TokenLifespans> tokenLifespans,
    Optional<String> delegationTokenLifespan,
    Optional<Refresh> refresh,
    List<UpstreamProvider> upstreamProviders,
    Optional<String> primaryUpstreamProvider,
    Optional<Storage> storage,
    boolean disableUpstreamTokenInjection,
    boolean insecureAllowHTTP,
    List<String> scopesSupported,
    List<String> baselineClientScopes,
    Optional<Consent> consent,
    Optional<Registration> registration,
    List<PreRegisteredClient> clients,
    Optional<Cimd> cimd,
    boolean allowConfidentialClientRegistration,
    boolean insecureAllowConfidentialOverLoopbackHTTP,
    List<String> forceConfidentialRedirectUris,
    List<DelegateClient> delegateClients,
    List<TrustedIssuer> trustedIssuers) {
  public EmbeddedAuthServer {
    signingKeySecretRefs = List.copyOf(signingKeySecretRefs);
    revokedKeys = List.copyOf(revokedKeys);
    hmacSecretRefs = List.copyOf(hmacSecretRefs);
    vaultKeySecretRefs = List.copyOf(vaultKeySecretRefs);
    upstreamProviders = List.copyOf(upstreamProviders);
    scopesSupported = List.copyOf(scopesSupported);
    baselineClientScopes = List.copyOf(baselineClientScopes);
    clients = List.copyOf(clients);
    forceConfidentialRedirectUris = List.copyOf(forceConfidentialRedirectUris);
    delegateClients = List.copyOf(delegateClients);
    trustedIssuers = List.copyOf(trustedIssuers);
  }

  /** How long tokens and codes live, as Go spells durations. */
  public record TokenLifespans(
      Optional<String> accessTokenLifespan,
      Optional<String> refreshTokenLifespan,
      Optional<String> authCodeLifespan) {}

  /** How refresh tokens are rotated. */
  public record Refresh(
      Optional<String> grace,
      Optional<Replay> replay,
      Optional<String> replayWindow,
      Optional<String> absoluteLifetime) {
    /** How long the previous refresh token still brings its successor. */
    public enum Replay {
      @JsonProperty("window")
      WINDOW,
      @JsonProperty("grace")
      GRACE
    }
  }

  /** Whether people are asked. */
  public record Consent(Optional<Mode> mode, List<String> trustedClients) {
    public Consent {
      trustedClients = List.copyOf(trustedClients);
    }

    /** When they are. */
    public enum Mode {
      @JsonProperty("always")
      ALWAYS,
      @JsonProperty("remember")
      REMEMBER,
      @JsonProperty("trusted")
      TRUSTED
    }
  }

  /** Whether strangers may register clients, and how far those are trusted. */
  public record Registration(
      Optional<Boolean> enabled,
      Optional<SecretKeyRef> initialAccessTokenRef,
      Optional<String> unusedTtl,
      Optional<Integer> maxClients,
      List<String> scopes,
      List<String> schemes) {
    public Registration {
      scopes = List.copyOf(scopes);
      schemes = List.copyOf(schemes);
    }
  }

  /** Whether clients may be the documents at their own URLs. */
  public record Cimd(
      Optional<Boolean> enabled,
      Optional<Integer> cacheMaxSize,
      Optional<String> cacheFallbackTtl) {}

  /** A client that exchanges tokens of people for tokens of its own. */
  public record DelegateClient(
      String clientId, SecretKeyRef clientSecretRef, List<String> scopes, List<String> audiences) {
    public DelegateClient {
      scopes = List.copyOf(scopes);
      audiences = List.copyOf(audiences);
    }
  }
}
