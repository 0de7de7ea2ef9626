package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;

/**
 * A private key that signs tokens, and the public half that others verify them by.
 *
 * <p>It has signed and verified once before it exists, so that halves that do not belong together
 * never come into use.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7638#section-3">RFC 7638, section 3</a>
 */
public final class SigningKey {
  private final KeyPair pair;
  private final VerificationKey publicHalf;
  private final Optional<Base64URL> certificate;

  private SigningKey(VerificationKey publicHalf, KeyPair pair, Optional<Base64URL> certificate) {
    this.pair = pair;
    this.publicHalf = publicHalf;
    this.certificate = certificate;
  }

  /** The key of a pair; a curve decides the algorithm, and RSA signs RS256. */
  public static SigningKey of(KeyPair pair) {
    var kind = KeyKind.of(pair.getPublic());
    try {
      requireThatTheyBelongTogether(kind, pair);
      var publicHalf = VerificationKey.of(pair.getPublic(), kind.algorithms().get(0));
      return new SigningKey(publicHalf, pair, Optional.empty());
    } catch (GeneralSecurityException | JOSEException e) {
      throw Der.damaged(); // The cause may quote numbers of the key.
    }
  }

  /** The one private key that a PEM file holds; a refusal completes "the file ...". */
  public static SigningKey fromPem(byte[] file) {
    return of(PemKey.read(file));
  }

  /**
   * Likewise, where certificates of the key may stand beside it. What is signed then names the key
   * by the first of them.
   */
  public static SigningKey fromCertifiedPem(byte[] file) {
    return CertifiedKey.read(file);
  }

  /** A new ES256 key. */
  public static SigningKey generate(SecureRandom random) {
    return generate(SigningAlgorithm.ES256, random);
  }

  /** A new key that signs under {@code algorithm}. */
  public static SigningKey generate(SigningAlgorithm algorithm, SecureRandom random) {
    return of(algorithm.kind().generate(random)).under(algorithm);
  }

  /** The same key, by the same name, that signs under another algorithm of its kind. */
  public SigningKey under(SigningAlgorithm other) {
    if (other.kind() != kind()) {
      throw new IllegalArgumentException(
          "a key that signs " + algorithm().wire() + " cannot sign " + other.wire());
    }
    try {
      return new SigningKey(VerificationKey.of(pair.getPublic(), other), pair, certificate);
    } catch (JOSEException e) {
      throw Der.damaged(); // The cause may quote numbers of the key.
    }
  }

  /** The same key, which others know by its certificate. */
  SigningKey certifiedBy(X509Certificate own) {
    return new SigningKey(
        publicHalf, pair, Optional.of(X509CertUtils.computeSHA256Thumbprint(own)));
  }

  /** Names the key to whoever verifies by it: by its certificate, else by its thumbprint. */
  JWSHeader.Builder named(JWSHeader.Builder header) {
    return certificate.map(header::x509CertSHA256Thumbprint).orElseGet(() -> header.keyID(kid()));
  }

  /** The thumbprint of the public key, by which tokens name it. */
  public String kid() {
    return publicHalf.kid();
  }

  /** What it signs under, and what its JWK says. */
  public SigningAlgorithm algorithm() {
    return publicHalf.algorithm();
  }

  /** What others verify its tokens by. */
  public VerificationKey publicHalf() {
    return publicHalf;
  }

  KeyKind kind() {
    return publicHalf.kind();
  }

  KeyPair pair() {
    return pair;
  }

  /** Whether both sign alike; who has the same public half has the same private one. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SigningKey key
        && key.publicHalf.equals(publicHalf)
        && key.certificate.equals(certificate);
  }

  @Override
  public int hashCode() {
    return Objects.hash(publicHalf, certificate);
  }

  /** Names the key and shows nothing of it. */
  @Override
  public String toString() {
    return "SigningKey[" + kid() + "]";
  }

  private static void requireThatTheyBelongTogether(KeyKind kind, KeyPair pair)
      throws GeneralSecurityException {
    var message = "does this key sign?".getBytes(StandardCharsets.US_ASCII);
    var signature = Signature.getInstance(kind.signatureName());
    signature.initSign(pair.getPrivate());
    signature.update(message);
    var signed = signature.sign();
    signature.initVerify(pair.getPublic());
    signature.update(message);
    if (!signature.verify(signed)) {
      throw Der.damaged();
    }
  }
}
