package dev.keyturn.upstream;

import java.util.Optional;

/**
 * What a browser brought back from an identity provider, and what the login began with.
 *
 * @param code the authorization code, if the provider said yes
 * @param error the provider's error code, if it said no
 * @param iss the issuer that the answer claims to come from (RFC 9207)
 * @param nonce the nonce of the {@link LoginRequest}
 * @param verifier the PKCE secret of the {@link LoginRequest}
 * @param terms those of the {@link LoginBegun}
 */
public record LoginAnswer(
    Optional<String> code,
    Optional<String> error,
    Optional<String> iss,
    String nonce,
    String verifier,
    LoginTerms terms) {
  /** Shows nothing, since code and verifier together are the login. */
  @Override
  public String toString() {
    return "LoginAnswer[hidden]";
  }
}
