package dev.keyturn.crypto;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Keys that seal what lies in the store or in a browser: the first seals, all open.
 *
 * <p>Each sealed value has its own data key, wrapped by one of these; the envelope names which.
 * {@code kid (8) | wrapped data key (60) | nonce and ciphertext}.
 */
public final class SealingKeys {
  /** The length of a key, in bytes. */
  public static final int LENGTH = 32;

  private static final int KID = 8;
  private static final int WRAPPED = 12 + LENGTH + 16;

  private final List<byte[]> keys;
  private final SecureRandom random;

  private SealingKeys(List<byte[]> keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  /** Keys in the order of the configuration, each {@link #LENGTH} bytes long. */
  public static SealingKeys of(List<byte[]> keys, SecureRandom random) {
    if (keys.isEmpty() || keys.stream().anyMatch(key -> key.length != LENGTH)) {
      throw new IllegalArgumentException("a sealing key must be " + LENGTH + " bytes long");
    }
    return new SealingKeys(keys.stream().map(byte[]::clone).toList(), random);
  }

  /** A key that dies with the process. */
  public static SealingKeys ephemeral(SecureRandom random) {
    var key = new byte[LENGTH];
    random.nextBytes(key);
    return new SealingKeys(List.of(key), random);
  }

  /** Seals {@code plain}; it opens only together with the same {@code associated} data. */
  public byte[] seal(byte[] plain, byte[] associated) {
    var dataKey = new byte[LENGTH];
    random.nextBytes(dataKey);
    var kid = kid(keys.get(0));
    var wrapped = AesGcm.seal(keys.get(0), dataKey, kid, random);
    var sealed = AesGcm.seal(dataKey, plain, associated, random);
    return ByteBuffer.allocate(KID + WRAPPED + sealed.length)
        .put(kid)
        .put(wrapped)
        .put(sealed)
        .array();
  }

  /** What was sealed; nothing if it was changed, belongs elsewhere, or its key is not here. */
  public Optional<byte[]> open(byte[] envelope, byte[] associated) {
    if (envelope.length < KID + WRAPPED) {
      return Optional.empty();
    }
    var kid = Arrays.copyOf(envelope, KID);
    var wrapped = Arrays.copyOfRange(envelope, KID, KID + WRAPPED);
    var sealed = Arrays.copyOfRange(envelope, KID + WRAPPED, envelope.length);
    return keys.stream()
        .filter(key -> Arrays.equals(kid(key), kid))
        .findFirst()
        .flatMap(key -> AesGcm.open(key, wrapped, kid))
        .flatMap(dataKey -> AesGcm.open(dataKey, sealed, associated));
  }

  /** Whether the key that {@code envelope} names is here; one too short to name any is as good. */
  public boolean knows(byte[] envelope) {
    return envelope.length < KID
        || keys.stream().anyMatch(key -> Arrays.equals(kid(key), Arrays.copyOf(envelope, KID)));
  }

  /** Whether {@code envelope} names the key that seals now. */
  public boolean isCurrent(byte[] envelope) {
    return envelope.length >= KID && Arrays.equals(kid(keys.get(0)), Arrays.copyOf(envelope, KID));
  }

  /** The identifier of the key that {@code envelope} names, which tells nothing of it. */
  public static String nameIn(byte[] envelope) {
    return HexFormat.of().formatHex(Arrays.copyOf(envelope, KID));
  }

  /** Names the keys by their identifiers, which tell nothing of them. */
  @Override
  public String toString() {
    return keys.stream().map(key -> HexFormat.of().formatHex(kid(key))).toList().toString();
  }

  private static byte[] kid(byte[] key) {
    return Arrays.copyOf(Hkdf.derive(key, "keyturn sealing kid"), KID);
  }
}
