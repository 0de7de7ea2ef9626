package dev.keyturn.upstream;

import dev.keyturn.keys.SigningAlgorithm;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The issuer that an operator configured, and what may stand for it in documents and ID tokens.
 *
 * <p>It is itself and nothing else, with two exceptions. Google's older spelling without a scheme
 * is Google. Entra's shared endpoints ({@code common}, {@code organizations}) publish a template,
 * and each ID token names its tenant; there a person is a tenant and an {@code oid}, since their
 * {@code sub} is another one for each application.
 *
 * @see <a
 *     href="https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation">OpenID
 *     Connect Discovery, section 4.3</a>
 */
record ExpectedIssuer(String value) {
  private static final String GOOGLE = "https://accounts.google.com";
  private static final String GOOGLE_OLD = "accounts.google.com";
  private static final String ENTRA = "https://login.microsoftonline.com/";
  private static final String VERSION = "/v2.0";
  private static final Set<String> SHARED =
      Set.of(ENTRA + "common" + VERSION, ENTRA + "organizations" + VERSION);
  private static final Pattern TENANT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** The URL of the provider's metadata. */
  String document() {
    return value.replaceAll("/+$", "") + "/.well-known/openid-configuration";
  }

  /** Whether a metadata document may call itself {@code issuer}. */
  boolean mayPublish(String issuer) {
    return issuer.equals(value) || (isShared() && issuer.equals(ENTRA + "{tenantid}" + VERSION));
  }

  /** Whether an authorization response may name {@code issuer} (RFC 9207). */
  boolean mayAnswer(String issuer) {
    return issuer.equals(value) || (isShared() && tenant(issuer).isPresent());
  }

  /** The issuer under which an ID token names people; empty if the token is not its own. */
  Optional<String> of(String issuer, Optional<String> tid) {
    if (isShared()) {
      return tenant(issuer)
          .filter(tenant -> tid.filter(tenant::equals).isPresent())
          .map(t -> issuer);
    }
    var google = value.equals(GOOGLE) && issuer.equals(GOOGLE_OLD);
    return issuer.equals(value) || google ? Optional.of(value) : Optional.empty();
  }

  /** The claim that names people, unless the operator says otherwise. */
  String subjectClaim() {
    return isEntra() ? "oid" : "sub";
  }

  /** What is asked for, unless the operator says otherwise. */
  List<String> scopes() {
    if (value.equals(GOOGLE)) {
      return List.of("openid");
    }
    return isEntra()
        ? List.of("openid", "profile", "offline_access")
        : List.of("openid", "offline_access");
  }

  /**
   * What is expected of a signed proof of who we are. Entra's issuers are no audience, since the
   * shared ones name nobody: there it is the token endpoint, and RSA keys sign under PS256.
   *
   * @see <a
   *     href="https://learn.microsoft.com/entra/identity-platform/certificate-credentials">Entra,
   *     certificate credentials</a>
   */
  ProofRules proofs() {
    if (!isEntra()) {
      return ProofRules.usual(value);
    }
    var tenant = value.substring(0, value.length() - VERSION.length());
    return new ProofRules(tenant + "/oauth2/v2.0/token", SigningAlgorithm.PS256);
  }

  private boolean isEntra() {
    return isShared() || tenant(value).isPresent();
  }

  private boolean isShared() {
    return SHARED.contains(value);
  }

  private static Optional<String> tenant(String issuer) {
    return Optional.of(issuer)
        .filter(text -> text.startsWith(ENTRA) && text.endsWith(VERSION))
        .filter(text -> text.length() > ENTRA.length() + VERSION.length())
        .map(text -> text.substring(ENTRA.length(), text.length() - VERSION.length()))
        .filter(tenant -> TENANT.matcher(tenant).matches());
  }
}
