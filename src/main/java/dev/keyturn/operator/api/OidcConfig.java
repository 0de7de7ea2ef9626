package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where an OpenID provider is, and who Keyturn is to it. */
public record OidcConfig(
    String issuerUrl,
    String clientId,
    Optional<SecretKeyRef> clientSecretRef,
    Optional<SecretKeyRef> clientKeySecretRef,
    Optional<String> clientAssertionAudience,
    Optional<TokenEndpointAuthMethod> tokenEndpointAuthMethod,
    Optional<String> redirectUri,
    List<String> scopes,
    Map<String, String> additionalAuthorizationParams,
    Optional<UserInfo> userInfoOverride,
    Optional<String> subjectClaim,
    Optional<Nonce> nonce,
    boolean insecureAllowHTTP,
    boolean allowPrivateIPs,
    Optional<String> connectTimeout,
    Optional<String> answerTimeout,
    Optional<Integer> maxAnswerBytes,
    Optional<EgressProxy> egressProxy,
    Optional<CaBundleRef> caBundleRef) {
  public OidcConfig {
    scopes = List.copyOf(scopes);
    additionalAuthorizationParams = Map.copyOf(additionalAuthorizationParams);
  }

  /** Whether ID tokens must name the login that they answer. */
  public enum Nonce {
    @JsonProperty("required")
    REQUIRED,
    @JsonProperty("optional")
    OPTIONAL
  }
}
