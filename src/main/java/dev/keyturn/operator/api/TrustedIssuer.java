package dev.keyturn.operator.api;

import java.util.List;
import java.util.Optional;

/** An entry of {@code trustedIssuers}: somebody else whose tokens may be exchanged. */
public record TrustedIssuer(
    String issuerUrl,
    Optional<String> expectedAudience,
    Optional<String> jwksUrl,
    boolean insecureAllowHTTP,
    boolean allowPrivateIPs,
    Optional<CaBundleRef> caBundleRef,
    Optional<String> actorClaim,
    List<String> allowedActors,
    Optional<String> actorMatcher,
    List<String> allowedDelegateClients,
    boolean allowMayAct,
    Optional<JwtBearerGrant> jwtBearerGrant) {
  public TrustedIssuer {
    allowedActors = List.copyOf(allowedActors);
    allowedDelegateClients = List.copyOf(allowedDelegateClients);
  }

  /** What its assertions may be traded for. */
  public record JwtBearerGrant(
      Optional<String> maxAssertionAge,
      List<SubjectBinding> subjectBindings,
      List<String> acceptedAudiences) {
    public JwtBearerGrant {
      subjectBindings = List.copyOf(subjectBindings);
      acceptedAudiences = List.copyOf(acceptedAudiences);
    }
  }

  /** One subject, and the resources that it may ask for. */
  public record SubjectBinding(String subject, List<String> allowedResources) {
    public SubjectBinding {
      allowedResources = List.copyOf(allowedResources);
    }
  }
}
