package dev.keyturn.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives 32-byte keys from a secret, one for each purpose, so that no key serves two.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869#section-2">RFC 5869, section 2</a>
 */
public final class Hkdf {
  private static final byte[] NO_SALT = new byte[32];

  private Hkdf() {}

  /** The key of {@code purpose} under {@code secret}. */
  public static byte[] derive(byte[] secret, String purpose) {
    var info = purpose.getBytes(StandardCharsets.UTF_8);
    var firstBlock = Arrays.copyOf(info, info.length + 1);
    firstBlock[info.length] = 1;
    return hmac(hmac(NO_SALT, secret), firstBlock);
  }

  static byte[] hmac(byte[] key, byte[] message) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
