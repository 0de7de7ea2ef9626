package dev.keyturn.keys;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Arrays;

/**
 * A token with a wrong signature that costs as much to refuse as a right one costs to accept.
 *
 * <p>A public key can be timed by it, where nobody here could sign. Its numbers are in range, so
 * that no verifier refuses it before it has computed.
 */
final class MadeUpSignature {
  /** The base point of Ed25519, for a part of its signatures must be a point. */
  private static final byte BASE_POINT_FIRST = 0x58;

  private static final byte BASE_POINT_REST = 0x66;

  private MadeUpSignature() {}

  static SignedJWT of(VerificationKey key) {
    var header = new JWSHeader(key.algorithm().jws());
    var claims = new JWTClaimsSet.Builder().subject("sample").build();
    try {
      return new SignedJWT(
          header.toBase64URL(), claims.toPayload().toBase64URL(), Base64URL.encode(bytes(key)));
    } catch (ParseException e) {
      throw new IllegalStateException("a token that was just written", e);
    }
  }

  private static byte[] bytes(VerificationKey key) {
    return switch (key.kind()) {
      case P_256 -> ones(64);
      case P_384 -> ones(96);
      case P_521 -> ones(132);
      case ED25519 -> point();
      case RSA -> belowModulus((RSAPublicKey) key.publicKey());
    };
  }

  private static byte[] ones(int length) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }

  private static byte[] point() {
    var bytes = ones(64);
    Arrays.fill(bytes, 0, 32, BASE_POINT_REST);
    bytes[0] = BASE_POINT_FIRST;
    return bytes;
  }

  private static byte[] belowModulus(RSAPublicKey key) {
    var bytes = ones((key.getModulus().bitLength() + 7) / 8);
    bytes[0] = 0;
    return bytes;
  }
}
