package dev.keyturn.keys;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Optional;

/**
 * The form of an EC private key.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5915#section-3">RFC 5915, section 3</a>
 */
final class Sec1 {
  private Sec1() {}

  /** A key that names its curve itself. */
  static KeyPair read(Der file) throws GeneralSecurityException {
    return read(file, Optional.empty());
  }

  /** A key inside PKCS#8, where the curve stands outside. */
  static KeyPair read(Der file, EcCurve curve) throws GeneralSecurityException {
    return read(file, Optional.of(curve));
  }

  private static KeyPair read(Der file, Optional<EcCurve> outside) throws GeneralSecurityException {
    var key = file.open(Der.SEQUENCE);
    file.end();
    if (!key.integer().equals(BigInteger.ONE)) {
      throw Der.damaged();
    }
    var secret = new BigInteger(1, key.bytes(Der.OCTET_STRING));
    var inside = curveIn(key);
    var curve = outside.or(() -> inside).orElseThrow(Sec1::noCurve);
    if (inside.filter(named -> !named.equals(curve)).isPresent()) {
      throw Der.damaged();
    }
    return pair(curve, secret, publicPointIn(key));
  }

  private static Optional<EcCurve> curveIn(Der key) {
    return key.isNext(Der.TAG_0)
        ? Optional.of(EcCurve.read(key.open(Der.TAG_0)))
        : Optional.empty();
  }

  private static Optional<byte[]> publicPointIn(Der key) {
    return key.isNext(Der.TAG_1)
        ? Optional.of(key.open(Der.TAG_1).bits(Der.BIT_STRING))
        : Optional.empty();
  }

  /** The point is always computed: one that comes along and differs betrays a damaged file. */
  private static KeyPair pair(EcCurve curve, BigInteger secret, Optional<byte[]> embedded)
      throws GeneralSecurityException {
    if (secret.signum() == 0 || secret.compareTo(curve.parameters().getOrder()) >= 0) {
      throw Der.damaged();
    }
    var point = curve.publicPoint(secret);
    if (embedded.isPresent() && !curve.isSpellingOf(point, embedded.get())) {
      throw Der.damaged();
    }
    var factory = KeyFactory.getInstance("EC");
    return new KeyPair(
        factory.generatePublic(new ECPublicKeySpec(point, curve.parameters())),
        factory.generatePrivate(new ECPrivateKeySpec(secret, curve.parameters())));
  }

  private static IllegalArgumentException noCurve() {
    return PemKey.refusal(
        "an EC key that does not name its curve",
        "it in PKCS#8: openssl pkcs8 -topk8 -nocrypt -in key.pem");
  }
}
