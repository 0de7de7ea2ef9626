package dev.keyturn.keys;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Arrays;
import java.util.Optional;

/**
 * A registered signature algorithm that tokens are signed under, and the kind of key that it needs.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518, section 3.1</a>
 */
public enum SigningAlgorithm {
  ES256("ES256", KeyKind.P_256),
  ES384("ES384", KeyKind.P_384),
  ES512("ES512", KeyKind.P_521),
  RS256("RS256", KeyKind.RSA),
  RS384("RS384", KeyKind.RSA),
  RS512("RS512", KeyKind.RSA),
  PS256("PS256", KeyKind.RSA),
  PS384("PS384", KeyKind.RSA),
  PS512("PS512", KeyKind.RSA),
  EDDSA("EdDSA", KeyKind.ED25519);

  private final String wire;
  private final KeyKind kind;

  SigningAlgorithm(String wire, KeyKind kind) {
    this.wire = wire;
    this.kind = kind;
  }

  /** The algorithm of this registered name, such as {@code ES256}. */
  public static Optional<SigningAlgorithm> named(String wire) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.wire.equals(wire)).findFirst();
  }

  /** The registered spelling. */
  public String wire() {
    return wire;
  }

  KeyKind kind() {
    return kind;
  }

  JWSAlgorithm jws() {
    return JWSAlgorithm.parse(wire);
  }
}
