package dev.keyturn.oauth;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * What a client commits to at the authorization endpoint and must prove at the token endpoint.
 *
 * <p>Only {@code S256} exists here. The {@code plain} method would let whoever reads the redirect
 * also redeem the code, which is the attack PKCE is for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7636#section-4.6">RFC 7636, section 4.6</a>
 */
public record PkceChallenge(String value) {
  /** The only method. */
  public static final String METHOD = "S256";

  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

  public PkceChallenge {
    if (!CHALLENGE.matcher(value).matches()) {
      throw INVALID_REQUEST.because("code_challenge must be 43 characters of base64url");
    }
  }

  /** The challenge that {@code verifier} proves. */
  public static PkceChallenge of(String verifier) {
    return new PkceChallenge(hash(verifier));
  }

  /** Whether {@code verifier} is the secret behind this challenge. */
  public boolean isProvenBy(String verifier) {
    return VERIFIER.matcher(verifier).matches()
        && MessageDigest.isEqual(
            hash(verifier).getBytes(StandardCharsets.US_ASCII),
            value.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hash(String verifier) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
