package dev.keyturn.operator.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where an OAuth 2.0 provider is, and who Keyturn is to it.
 *
 * @param clientId given, unless {@code dcrConfig} gets one
 */
public record OAuth2Config(
    String authorizationEndpoint,
    String tokenEndpoint,
    Optional<String> clientId,
    Optional<SecretKeyRef> clientSecretRef,
    Optional<SecretKeyRef> clientKeySecretRef,
    Optional<String> clientAssertionAudience,
    Optional<DcrConfig> dcrConfig,
    Optional<TokenEndpointAuthMethod> tokenEndpointAuthMethod,
    Optional<String> redirectUri,
    List<String> scopes,
    Map<String, String> additionalAuthorizationParams,
    Optional<UserInfo> userInfo,
    Optional<TokenResponseMapping> tokenResponseMapping,
    Optional<IdentityFromToken> identityFromToken,
    boolean insecureAllowHTTP,
    boolean allowPrivateIPs,
    Optional<String> connectTimeout,
    Optional<String> answerTimeout,
    Optional<Integer> maxAnswerBytes,
    Optional<EgressProxy> egressProxy,
    Optional<CaBundleRef> caBundleRef) {
  public OAuth2Config {
    scopes = List.copyOf(scopes);
    additionalAuthorizationParams = Map.copyOf(additionalAuthorizationParams);
  }

  /** How Keyturn registers itself at the provider. */
  public record DcrConfig(
      Optional<String> discoveryUrl,
      Optional<String> registrationEndpoint,
      Optional<SecretKeyRef> initialAccessTokenRef,
      Optional<String> softwareId,
      Optional<String> softwareStatement) {}

  /** Where an unusual token answer has its parts. */
  public record TokenResponseMapping(
      String accessTokenPath,
      Optional<String> refreshTokenPath,
      Optional<String> expiresInPath,
      Optional<String> scopePath) {}

  /** Where a token answer names the person. */
  public record IdentityFromToken(
      String subjectPath, Optional<String> namePath, Optional<String> emailPath) {}
}
