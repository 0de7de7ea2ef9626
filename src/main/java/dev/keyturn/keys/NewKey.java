package dev.keyturn.keys;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/**
 * A signing key that was just made, in the form in which it is kept.
 *
 * <p>It is the one place where a private key is written out; its text shows nothing of it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-10">RFC 7468, section 10</a>
 */
public final class NewKey {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int SHORT = 8;
  private static final int LINE = 64;

  private final SigningKey key;

  private NewKey(SigningKey key) {
    this.key = key;
  }

  /** Makes a key that signs under {@code algorithm}. */
  public static NewKey make(SigningAlgorithm algorithm, SecureRandom random) {
    return of(SigningKey.generate(algorithm, random));
  }

  static NewKey of(SigningKey key) {
    return new NewKey(key);
  }

  public SigningKey key() {
    return key;
  }

  /** The private key, PKCS#8 in PEM. Whoever reads it can sign as we do. */
  public String pem() {
    var encoder = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN PRIVATE KEY-----\n"
        + encoder.encodeToString(key.pair().getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  /** A file name whose byte order is the order in which keys were made. */
  public String fileName(Instant made) {
    return STAMP.format(made) + "-" + key.kid().substring(0, SHORT) + ".pem";
  }

  /** Names the key and shows nothing of it. */
  @Override
  public String toString() {
    return "NewKey[" + key.kid() + "]";
  }
}
