package dev.keyturn.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.HexFormat;

/**
 * The form that says itself what kind of private key it holds.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5958#section-2">RFC 5958, section 2</a>
 */
final class Pkcs8 {
  private Pkcs8() {}

  static KeyPair read(Der file) throws GeneralSecurityException {
    var info = file.open(Der.SEQUENCE);
    file.end();
    if (info.integer().bitLength() > 1) {
      throw Der.damaged();
    }
    var algorithm = info.open(Der.SEQUENCE);
    var name = HexFormat.of().formatHex(algorithm.bytes(Der.OBJECT_IDENTIFIER));
    var key = info.open(Der.OCTET_STRING);
    return switch (name) {
      case "2a8648ce3d0201" -> Sec1.read(key, EcCurve.read(algorithm));
      case "2a864886f70d010101" -> Pkcs1.read(key);
      case "2b6570" -> Ed25519.read(key, info);
      default ->
          throw PemKey.refusal(kindOf(name) + " key", "a key that signs: " + PemKey.SUPPORTED);
    };
  }

  private static String kindOf(String name) {
    return switch (name) {
      case "2b656e" -> "an X25519";
      case "2b656f" -> "an X448";
      case "2b6571" -> "an Ed448";
      case "2a864886f70d01010a" -> "an RSA key that is restricted to PSS, which is another kind of";
      case "2a8648ce380401" -> "a DSA";
      default -> "an unknown kind of";
    };
  }
}
