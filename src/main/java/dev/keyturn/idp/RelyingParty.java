package dev.keyturn.idp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;

/** A confidential client of the provider, with the exact URIs that it may be sent back to. */
public record RelyingParty(String clientId, String clientSecret, List<String> redirectUris) {
  public RelyingParty {
    if (clientId.isBlank() || clientSecret.isBlank()) {
      throw new IllegalArgumentException("client id and client secret must not be blank");
    }
    redirectUris = List.copyOf(redirectUris);
  }

  boolean isProvenBy(String presented) {
    return MessageDigest.isEqual(clientSecret.getBytes(UTF_8), presented.getBytes(UTF_8));
  }

  /** The client id alone. */
  @Override
  public String toString() {
    return "RelyingParty[" + clientId + "]";
  }
}
