package dev.keyturn.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;

/**
 * Secrets that authenticate what Keyturn hands out and takes back: the first signs, all verify.
 *
 * <p>Each use derives its own keys by {@link #forPurpose}, so that a code can never pass for a
 * refresh token.
 */
public final class HmacSecrets {
  /** The least length of a secret, in bytes. */
  public static final int MIN_LENGTH = 32;

  private final List<byte[]> keys;

  private HmacSecrets(List<byte[]> keys) {
    this.keys = keys;
  }

  /** Secrets in the order of the configuration; each at least {@link #MIN_LENGTH} bytes. */
  public static HmacSecrets of(List<byte[]> secrets) {
    if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length < MIN_LENGTH)) {
      throw new IllegalArgumentException(
          "an HMAC secret must be at least " + MIN_LENGTH + " bytes long");
    }
    return new HmacSecrets(secrets.stream().map(byte[]::clone).toList());
  }

  /** A secret that dies with the process. */
  public static HmacSecrets ephemeral(SecureRandom random) {
    var secret = new byte[MIN_LENGTH];
    random.nextBytes(secret);
    return new HmacSecrets(List.of(secret));
  }

  /** The secrets of one purpose, in the same order. */
  public HmacSecrets forPurpose(String purpose) {
    return new HmacSecrets(keys.stream().map(key -> Hkdf.derive(key, purpose)).toList());
  }

  /** The authentication code of {@code message} under the first secret, 32 bytes. */
  public byte[] sign(byte[] message) {
    return Hkdf.hmac(keys.get(0), message);
  }

  /** Whether {@code code} authenticates {@code message} under any of the secrets. */
  public boolean verify(byte[] message, byte[] code) {
    var valid = false;
    for (var key : keys) {
      valid |= MessageDigest.isEqual(Hkdf.hmac(key, message), code);
    }
    return valid;
  }

  /** The same secrets as keys that seal, for {@code purpose}. */
  public SealingKeys sealing(String purpose, SecureRandom random) {
    return SealingKeys.of(forPurpose(purpose).keys, random);
  }

  /** Says how many there are and nothing of them. */
  @Override
  public String toString() {
    return "HmacSecrets[" + keys.size() + "]";
  }
}
