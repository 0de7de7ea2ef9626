package dev.keyturn.token;

import dev.keyturn.crypto.HmacSecrets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The opaque credentials of one kind: 256 random bits that name their session, authenticated, so
 * that a guess is refused without a look into the store.
 *
 * <p>{@code prefix base64url(session (16) | random (32) | authentication code (32))}.
 */
public final class OpaqueTokens {
  private static final int SESSION = 16;
  private static final int RANDOM = 32;
  private static final int CODE = 32;
  private static final int MAX_LENGTH = 256;

  private final String prefix;
  private final HmacSecrets secrets;
  private final SecureRandom random;

  private OpaqueTokens(String prefix, HmacSecrets secrets, SecureRandom random) {
    this.prefix = prefix;
    this.secrets = secrets;
    this.random = random;
  }

  /** Authorization codes. */
  public static OpaqueTokens codes(HmacSecrets secrets, SecureRandom random) {
    return new OpaqueTokens("ktc_", secrets.forPurpose("authorization code"), random);
  }

  /** Refresh tokens. */
  public static OpaqueTokens refreshTokens(HmacSecrets secrets, SecureRandom random) {
    return new OpaqueTokens("ktr_", secrets.forPurpose("refresh token"), random);
  }

  /** A new session identifier, 128 random bits. */
  public static String sessionId(SecureRandom random) {
    var bytes = new byte[SESSION];
    random.nextBytes(bytes);
    return encode(bytes);
  }

  /** A new credential of a session. */
  public String mint(String sessionId) {
    var content = Arrays.copyOf(Base64.getUrlDecoder().decode(sessionId), SESSION + RANDOM);
    var fresh = new byte[RANDOM];
    random.nextBytes(fresh);
    System.arraycopy(fresh, 0, content, SESSION, RANDOM);
    var whole = Arrays.copyOf(content, SESSION + RANDOM + CODE);
    System.arraycopy(secrets.sign(content), 0, whole, SESSION + RANDOM, CODE);
    return prefix + encode(whole);
  }

  /** The session that {@code token} names, if this server made it. */
  public Optional<String> sessionOf(String token) {
    return decode(token)
        .filter(
            whole ->
                secrets.verify(
                    Arrays.copyOf(whole, SESSION + RANDOM),
                    Arrays.copyOfRange(whole, SESSION + RANDOM, whole.length)))
        .map(whole -> encode(Arrays.copyOf(whole, SESSION)));
  }

  private Optional<byte[]> decode(String token) {
    if (token.length() > MAX_LENGTH || !token.startsWith(prefix)) {
      return Optional.empty();
    }
    try {
      var encoded = token.substring(prefix.length()).getBytes(StandardCharsets.ISO_8859_1);
      var whole = Base64.getUrlDecoder().decode(encoded);
      // The decoder ignores stray bits at the end, so one token would have several spellings.
      return whole.length == SESSION + RANDOM + CODE && token.equals(prefix + encode(whole))
          ? Optional.of(whole)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
