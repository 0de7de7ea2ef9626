package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/** A client that the resource names itself. */
public record PreRegisteredClient(
    String clientId,
    Optional<String> clientName,
    List<String> redirectUris,
    List<String> grantTypes,
    List<String> scopes,
    List<String> audiences,
    Optional<TokenEndpointAuthMethod> tokenEndpointAuthMethod,
    Optional<SecretKeyRef> clientSecretRef,
    Optional<Pkce> pkce) {
  public PreRegisteredClient {
    redirectUris = List.copyOf(redirectUris);
    grantTypes = List.copyOf(grantTypes);
    scopes = List.copyOf(scopes);
    audiences = List.copyOf(audiences);
  }

  /** Whether its authorization requests must carry a challenge. */
  public enum Pkce {
    @JsonProperty("required")
    REQUIRED,
    @JsonProperty("optional")
    OPTIONAL
  }
}
