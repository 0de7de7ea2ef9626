package dev.keyturn.operator.api;

import java.util.List;
import java.util.Optional;

/**
 * What goes out is a token of the target's own server, for an assertion that the identity provider
 * made for it.
 */
public record Xaa(
    String idpTokenUrl,
    Optional<String> idpClientId,
    Optional<SecretKeyRef> idpClientSecretRef,
    String targetTokenUrl,
    boolean insecureTargetTokenUrl,
    Optional<String> targetClientId,
    Optional<SecretKeyRef> targetClientSecretRef,
    String targetAudience,
    Optional<String> targetResource,
    List<String> scopes,
    Optional<String> subjectProviderName) {
  public Xaa {
    scopes = List.copyOf(scopes);
  }
}
