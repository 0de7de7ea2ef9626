package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.json.JsonObject;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A public key that tokens of ours are verified by, whoever holds its private half.
 *
 * <p>Once a key has stopped signing, it is good for tokens of that time only. Whoever steals the
 * private half of a key that was replaced can sign nothing that passes here as new.
 */
public final class VerificationKey {
  private final SigningAlgorithm algorithm;
  private final PublicKey publicKey;
  private final JWK publicJwk;
  private final Optional<Instant> notAfter;

  private VerificationKey(
      SigningAlgorithm algorithm, PublicKey key, JWK jwk, Optional<Instant> notAfter) {
    this.algorithm = algorithm;
    this.publicKey = key;
    this.publicJwk = jwk;
    this.notAfter = notAfter;
  }

  /** The key that signs under {@code algorithm}, good for tokens of any time. */
  static VerificationKey of(PublicKey key, SigningAlgorithm algorithm) throws JOSEException {
    var jwk = algorithm.kind().publish(key, algorithm);
    return new VerificationKey(algorithm, key, jwk, Optional.empty());
  }

  /** The key of a JWK that {@link #toJson} wrote; whatever else is there is refused. */
  static VerificationKey parse(JsonObject jwk) {
    try {
      var read = JWK.parse(jwk.encode());
      var algorithm =
          SigningAlgorithm.named(String.valueOf(read.getAlgorithm())).orElseThrow(() -> unusable());
      var key = of(algorithm.kind().publicKey(read), algorithm);
      if (read.isPrivate() || !key.kid().equals(read.getKeyID())) {
        throw unusable();
      }
      return key;
    } catch (ParseException | JOSEException | ClassCastException e) {
      throw unusable();
    }
  }

  /** The same key, good only for tokens that were issued until then. */
  public VerificationKey until(Instant last) {
    return new VerificationKey(algorithm, publicKey, publicJwk, Optional.of(last));
  }

  /** The thumbprint, by which tokens name it. */
  public String kid() {
    return publicJwk.getKeyID();
  }

  /** What its JWK says. */
  public SigningAlgorithm algorithm() {
    return algorithm;
  }

  /**
   * The algorithms under which a token of this key is good.
   *
   * <p>For a curve that is one. For RSA it is all six, because the key signed under another one
   * until the setting was changed, and its tokens of that time are still about. A token may so
   * choose among six ways of proving the same private key, with SHA-256 or better, and nothing
   * else: RFC 8725, section 3.1, fears the choice that makes a public key a secret ({@code HS256})
   * or asks for no proof ({@code none}), and the key itself rules those out. Nobody knows how to
   * make a signature of the one RSA scheme out of signatures of the other.
   */
  public List<SigningAlgorithm> verifiable() {
    return kind().algorithms();
  }

  /** The JWK, with {@code use}, {@code alg} and {@code kid}. */
  public JWK publicJwk() {
    return publicJwk;
  }

  /** The latest issue of a token that it is good for; empty while there is no end. */
  public Optional<Instant> notAfter() {
    return notAfter;
  }

  /**
   * Whether a token with these claims is of the time of this key; one without {@code iat} is of
   * none.
   */
  boolean isOfItsTime(JWTClaimsSet claims) {
    var issued = Optional.ofNullable(claims.getIssueTime());
    return notAfter
        .map(last -> issued.filter(at -> !at.toInstant().isAfter(last)).isPresent())
        .orElse(true);
  }

  KeyKind kind() {
    return algorithm.kind();
  }

  PublicKey publicKey() {
    return publicKey;
  }

  JsonObject toJson() {
    return new JsonObject(publicJwk.toPublicJWK().toJSONObject());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey key
        && key.kid().equals(kid())
        && key.algorithm == algorithm
        && key.notAfter.equals(notAfter);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kid(), algorithm, notAfter);
  }

  /** Names the key. */
  @Override
  public String toString() {
    return "VerificationKey[" + kid() + "]";
  }

  private static IllegalArgumentException unusable() {
    return new IllegalArgumentException("not a public key that verifies tokens");
  }
}
