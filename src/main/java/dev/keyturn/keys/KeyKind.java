package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of key: a curve, which fixes the algorithm, or RSA, which has six of them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518, section 3.1</a>
 */
enum KeyKind {
  P_256("EC", "SHA256withECDSA"),
  P_384("EC", "SHA384withECDSA"),
  P_521("EC", "SHA512withECDSA"),
  RSA("RSA", "SHA256withRSA"),
  ED25519("Ed25519", "Ed25519");

  private static final Map<Curve, KeyKind> BY_CURVE =
      Map.of(Curve.P_256, P_256, Curve.P_384, P_384, Curve.P_521, P_521);

  private final String keyName;
  private final String signatureName;

  KeyKind(String keyName, String signatureName) {
    this.keyName = keyName;
    this.signatureName = signatureName;
  }

  static KeyKind of(PublicKey key) {
    if (key instanceof RSAPublicKey) {
      return RSA;
    }
    if (key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519")) {
      return ED25519;
    }
    return Optional.of(key)
        .filter(ECPublicKey.class::isInstance)
        .map(ec -> Curve.forECParameterSpec(((ECPublicKey) ec).getParams()))
        .map(BY_CURVE::get)
        .orElseThrow(
            () -> PemKey.refusal("another kind of key", "a key that signs: " + PemKey.SUPPORTED));
  }

  /** A new pair of this kind. */
  KeyPair generate(SecureRandom random) {
    try {
      var generator = KeyPairGenerator.getInstance(keyName);
      generator.initialize(parameters(), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform makes such keys", e);
    }
  }

  /** The algorithms that such a key signs under; the first one unless another is chosen. */
  List<SigningAlgorithm> algorithms() {
    return Arrays.stream(SigningAlgorithm.values())
        .filter(algorithm -> algorithm.kind() == this)
        .toList();
  }

  /** What a Java {@code KeyFactory} calls it. */
  String keyName() {
    return keyName;
  }

  /** A signature that every key of this kind can make, as Java calls it. */
  String signatureName() {
    return signatureName;
  }

  /** The public JWK of {@code key}, named by its thumbprint (RFC 7638). */
  JWK publish(PublicKey key, SigningAlgorithm algorithm) throws JOSEException {
    return switch (this) {
      case RSA ->
          new RSAKey.Builder((RSAPublicKey) key)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(algorithm.jws())
              .keyIDFromThumbprint()
              .build();
      case ED25519 ->
          new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(Ed25519.encoded(key)))
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(algorithm.jws())
              .keyIDFromThumbprint()
              .build();
      case P_256, P_384, P_521 -> publish((ECPublicKey) key, algorithm);
    };
  }

  /** The public key that a JWK of this kind holds. */
  PublicKey publicKey(JWK jwk) throws JOSEException {
    return switch (this) {
      case RSA -> jwk.toRSAKey().toRSAPublicKey();
      case ED25519 -> Ed25519.decoded(jwk.toOctetKeyPair().getDecodedX());
      case P_256, P_384, P_521 -> jwk.toECKey().toECPublicKey();
    };
  }

  /** New RSA keys are as strong as P-256; what others made may have 2048 bits. */
  private AlgorithmParameterSpec parameters() {
    return switch (this) {
      case P_256 -> new ECGenParameterSpec("secp256r1");
      case P_384 -> new ECGenParameterSpec("secp384r1");
      case P_521 -> new ECGenParameterSpec("secp521r1");
      case RSA -> new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4);
      case ED25519 -> NamedParameterSpec.ED25519;
    };
  }

  private static JWK publish(ECPublicKey key, SigningAlgorithm algorithm) throws JOSEException {
    return new ECKey.Builder(Curve.forECParameterSpec(key.getParams()), key)
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(algorithm.jws())
        .keyIDFromThumbprint()
        .build();
  }
}
