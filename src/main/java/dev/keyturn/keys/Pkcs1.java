package dev.keyturn.keys;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;

/**
 * The form of an RSA private key.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2">RFC 8017, appendix A.1.2</a>
 */
final class Pkcs1 {
  private static final int LEAST_BITS = 2048;
  private static final int MOST_BITS = 8192;

  private Pkcs1() {}

  static KeyPair read(Der file) throws GeneralSecurityException {
    var key = file.open(Der.SEQUENCE);
    file.end();
    if (key.integer().signum() != 0) {
      throw PemKey.refusal("an RSA key of more than two primes", PemKey.SUPPORTED);
    }
    var modulus = key.integer();
    var exponent = key.integer();
    requireStrong(modulus, exponent);
    var secret =
        new RSAPrivateCrtKeySpec(
            modulus,
            exponent,
            key.integer(),
            key.integer(),
            key.integer(),
            key.integer(),
            key.integer(),
            key.integer());
    key.end();
    return pair(secret);
  }

  /** An exponent of one would make every message its own signature. */
  private static void requireStrong(BigInteger modulus, BigInteger exponent) {
    var bits = modulus.bitLength();
    if (bits < LEAST_BITS || bits > MOST_BITS) {
      throw PemKey.refusal("an RSA key of " + bits + " bits", PemKey.SUPPORTED);
    }
    if (exponent.compareTo(BigInteger.valueOf(3)) < 0 || !exponent.testBit(0)) {
      throw Der.damaged();
    }
  }

  private static KeyPair pair(RSAPrivateCrtKeySpec secret) throws GeneralSecurityException {
    if (!secret.getPrimeP().multiply(secret.getPrimeQ()).equals(secret.getModulus())) {
      throw Der.damaged();
    }
    var factory = KeyFactory.getInstance("RSA");
    return new KeyPair(
        factory.generatePublic(
            new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent())),
        factory.generatePrivate(secret));
  }
}
