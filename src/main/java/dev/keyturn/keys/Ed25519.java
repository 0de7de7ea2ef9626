package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The form of an Ed25519 private key, which is the seed of its pair.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8410#section-7">RFC 8410, section 7</a>
 */
final class Ed25519 {
  private static final int LENGTH = 32;

  /** What precedes the 32 bytes in X.509 form (RFC 8410, section 4). */
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519() {}

  /**
   * @param key the private key
   * @param info what follows it: attributes and perhaps the public key
   */
  static KeyPair read(Der key, Der info) throws GeneralSecurityException {
    var seed = key.bytes(Der.OCTET_STRING);
    key.end();
    var pair = pairOf(seed);
    var embedded = publicKeyIn(info);
    if (embedded.isPresent() && !Arrays.equals(embedded.get(), encoded(pair.getPublic()))) {
      throw Der.damaged();
    }
    return pair;
  }

  /** The 32 bytes that stand for {@code key} in a JWK; they end its X.509 form. */
  static byte[] encoded(PublicKey key) {
    var x509 = key.getEncoded();
    return Arrays.copyOfRange(x509, x509.length - LENGTH, x509.length);
  }

  /** The public key that the 32 bytes of a JWK stand for. */
  static PublicKey decoded(byte[] bytes) throws JOSEException {
    if (bytes.length != LENGTH) {
      throw new JOSEException("an Ed25519 public key has " + LENGTH + " bytes");
    }
    var x509 = Arrays.copyOf(X509_HEAD, X509_HEAD.length + LENGTH);
    System.arraycopy(bytes, 0, x509, X509_HEAD.length, LENGTH);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("not an Ed25519 public key", e);
    }
  }

  private static Optional<byte[]> publicKeyIn(Der info) {
    if (info.isNext(Der.TAG_0)) {
      info.bytes(Der.TAG_0);
    }
    return info.isNext(Der.TAG_1_PRIMITIVE)
        ? Optional.of(info.bits(Der.TAG_1_PRIMITIVE))
        : Optional.empty();
  }

  /** The JDK makes a public key of a seed only while it generates a pair, so it is given ours. */
  private static KeyPair pairOf(byte[] seed) throws GeneralSecurityException {
    if (seed.length != LENGTH) {
      throw Der.damaged();
    }
    var generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(255, new Seed(seed));
    var pair = generator.generateKeyPair();
    if (pair.getPrivate() instanceof EdECPrivateKey made
        && made.getBytes().filter(bytes -> Arrays.equals(bytes, seed)).isPresent()) {
      return pair;
    }
    throw new GeneralSecurityException("this Java platform derives no Ed25519 public key");
  }

  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
