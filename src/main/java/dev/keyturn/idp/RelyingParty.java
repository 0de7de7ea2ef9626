package dev.keyturn.idp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;

/**
 * A confidential client of the provider, with the exact URIs that it may be sent back to.
 *
 * @param clientSecret what it is to prove itself by
 * @param earlierSecrets what it may still prove itself by, while its secret is being exchanged
 */
public record RelyingParty(
    String clientId, String clientSecret, List<String> earlierSecrets, List<String> redirectUris) {
  public RelyingParty {
    if (clientId.isBlank() || clientSecret.isBlank()) {
      throw new IllegalArgumentException("client id and client secret must not be blank");
    }
    if (earlierSecrets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("an earlier client secret must not be blank");
    }
    earlierSecrets = List.copyOf(earlierSecrets);
    redirectUris = List.copyOf(redirectUris);
  }

  /** One whose secret is not being exchanged. */
  public RelyingParty(String clientId, String clientSecret, List<String> redirectUris) {
    this(clientId, clientSecret, List.of(), redirectUris);
  }

  /** Looks at all secrets, so that the answer's time does not tell which one it was. */
  boolean isProvenBy(String presented) {
    return earlierSecrets.stream()
        .map(earlier -> isEqual(earlier, presented))
        .reduce(isPresent(presented), Boolean::logicalOr);
  }

  boolean isPresent(String presented) {
    return isEqual(clientSecret, presented);
  }

  private static boolean isEqual(String expected, String presented) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), presented.getBytes(UTF_8));
  }

  /** The client id alone. */
  @Override
  public String toString() {
    return "RelyingParty[" + clientId + "]";
  }
}
