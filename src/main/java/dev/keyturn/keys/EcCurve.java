package dev.keyturn.keys;

import com.nimbusds.jose.jwk.Curve;
import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.HexFormat;
import java.util.List;

/**
 * A NIST curve over a prime field, with the arithmetic that makes a public key of a private one.
 *
 * <p>The arithmetic is plain and its time depends on the key. It runs once when a key is read,
 * never when somebody outside can ask for it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5480#section-2.1.1.1">RFC 5480, section
 *     2.1.1.1</a>
 */
record EcCurve(String oid, ECParameterSpec parameters) {
  private static final List<EcCurve> NIST =
      List.of(
          new EcCurve("2a8648ce3d030107", Curve.P_256.toECParameterSpec()),
          new EcCurve("2b81040022", Curve.P_384.toECParameterSpec()),
          new EcCurve("2b81040023", Curve.P_521.toECParameterSpec()));
  private static final BigInteger TWO = BigInteger.TWO;
  private static final BigInteger THREE = BigInteger.valueOf(3);

  /** The curve that is named next. */
  static EcCurve read(Der der) {
    if (!der.isNext(Der.OBJECT_IDENTIFIER)) {
      throw PemKey.refusal(
          "an EC key with explicit curve parameters", "one on a named curve: " + PemKey.SUPPORTED);
    }
    var name = HexFormat.of().formatHex(der.bytes(Der.OBJECT_IDENTIFIER));
    return NIST.stream()
        .filter(curve -> curve.oid.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                PemKey.refusal(
                    "an EC key on " + (name.equals("2b8104000a") ? "secp256k1" : "another curve"),
                    "a key that signs: " + PemKey.SUPPORTED));
  }

  /** The generator times {@code secret}, by doubling and adding. */
  ECPoint publicPoint(BigInteger secret) {
    var point = ECPoint.POINT_INFINITY;
    for (var bit = secret.bitLength() - 1; bit >= 0; bit--) {
      point = sum(point, point);
      if (secret.testBit(bit)) {
        point = sum(point, parameters.getGenerator());
      }
    }
    return point;
  }

  /** Whether {@code encoded} is {@code point}, uncompressed or compressed. */
  boolean isSpellingOf(ECPoint point, byte[] encoded) {
    var size = (prime().bitLength() + 7) / 8;
    var hex = HexFormat.of();
    var x = hex.formatHex(padded(point.getAffineX(), size));
    var y = hex.formatHex(padded(point.getAffineY(), size));
    var spelling = hex.formatHex(encoded);
    return spelling.equals("04" + x + y)
        || spelling.equals((point.getAffineY().testBit(0) ? "03" : "02") + x);
  }

  private ECPoint sum(ECPoint one, ECPoint other) {
    if (one.equals(ECPoint.POINT_INFINITY)) {
      return other;
    }
    if (other.equals(ECPoint.POINT_INFINITY)) {
      return one;
    }
    var sameX = one.getAffineX().equals(other.getAffineX());
    if (sameX && one.getAffineY().add(other.getAffineY()).mod(prime()).signum() == 0) {
      return ECPoint.POINT_INFINITY;
    }
    var slope = sameX ? tangent(one) : chord(one, other);
    var x = slope.pow(2).subtract(one.getAffineX()).subtract(other.getAffineX()).mod(prime());
    var y = slope.multiply(one.getAffineX().subtract(x)).subtract(one.getAffineY()).mod(prime());
    return new ECPoint(x, y);
  }

  private BigInteger tangent(ECPoint point) {
    var rise = point.getAffineX().pow(2).multiply(THREE).add(parameters.getCurve().getA());
    return rise.multiply(point.getAffineY().multiply(TWO).modInverse(prime())).mod(prime());
  }

  private BigInteger chord(ECPoint one, ECPoint other) {
    var run = other.getAffineX().subtract(one.getAffineX());
    return other
        .getAffineY()
        .subtract(one.getAffineY())
        .multiply(run.modInverse(prime()))
        .mod(prime());
  }

  private BigInteger prime() {
    return ((ECFieldFp) parameters.getCurve().getField()).getP();
  }

  private static byte[] padded(BigInteger number, int size) {
    var bytes = number.toByteArray();
    var padded = new byte[size];
    var length = Math.min(bytes.length, size);
    System.arraycopy(bytes, bytes.length - length, padded, size - length, length);
    return padded;
  }
}
