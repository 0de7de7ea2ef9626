package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * An entry of {@code upstreamProviders}: an identity provider that logs people in.
 *
 * @param identity whether people may log in there; left out, only at the first one
 * @param askIf CEL over the claims of whoever logged in: of whom it is asked
 * @param rotates whether its refresh tokens are good for one time; left out, it is learned
 */
public record UpstreamProvider(
    String name,
    Type type,
    Optional<Boolean> identity,
    Optional<Login> login,
    Optional<String> askIf,
    Optional<Boolean> rotates,
    Optional<Allow> allow,
    Optional<OidcConfig> oidcConfig,
    Optional<OAuth2Config> oauth2Config) {
  /** What the provider speaks; the part of the same name goes with it. */
  public enum Type {
    @JsonProperty("oidc")
    OIDC,
    @JsonProperty("oauth2")
    OAUTH2
  }

  /** When a provider that is not the first is asked. */
  public enum Login {
    @JsonProperty("required")
    REQUIRED,
    @JsonProperty("on_demand")
    ON_DEMAND
  }

  /**
   * Who may log in.
   *
   * @param anyone true: everybody with an account, which nobody is warned about then; nothing else
   *     stands beside it
   */
  public record Allow(
      boolean anyone,
      List<String> tenants,
      List<String> hostedDomains,
      List<String> subjects,
      List<String> groups,
      List<String> emails,
      Optional<String> cel) {
    public Allow {
      tenants = List.copyOf(tenants);
      hostedDomains = List.copyOf(hostedDomains);
      subjects = List.copyOf(subjects);
      groups = List.copyOf(groups);
      emails = List.copyOf(emails);
    }
  }
}
