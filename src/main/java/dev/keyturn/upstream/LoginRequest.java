package dev.keyturn.upstream;

import java.util.Map;

/**
 * A login that begins at an identity provider.
 *
 * @param state names our pending authorization in the answer
 * @param nonce ties the ID token to this login
 * @param verifier the PKCE secret, of which the provider is sent the challenge
 * @param forwarded parameters of the client's own request that go on to the provider, such as
 *     {@code prompt}; filtered by the caller
 */
public record LoginRequest(
    String state, String nonce, String verifier, Map<String, String> forwarded) {
  public LoginRequest {
    forwarded = Map.copyOf(forwarded);
  }

  /** Shows nothing, since state, nonce and verifier together are the login. */
  @Override
  public String toString() {
    return "LoginRequest[hidden]";
  }
}
