package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A key with what computes its signatures, and the knowledge of what they cost.
 *
 * @param signsInPlace whether a signature is cheap enough for an event loop
 * @param verifiesInPlace whether a verification under the key's present algorithm is
 */
record KeyAtWork(
    SigningKey key,
    JWSSigner signer,
    JWSVerifier verifier,
    boolean signsInPlace,
    boolean verifiesInPlace) {
  private static final long IN_PLACE = Duration.ofNanos(200_000).toNanos();
  private static final long PATIENCE = Duration.ofMillis(40).toNanos();
  private static final int ROUNDS = 50;
  private static final int LEAST_ROUNDS = 3;
  private static final JWTClaimsSet SAMPLE = new JWTClaimsSet.Builder().subject("sample").build();

  /** Times a few operations of each sort; this takes its time, so it is done in a worker. */
  static KeyAtWork timed(SigningKey key, JWSSigner signer, JWSVerifier verifier, LongSupplier nanos)
      throws JOSEException {
    var idle = new KeyAtWork(key, signer, verifier, false, false);
    var sample = idle.signed(SAMPLE, "sample");
    if (!idle.verifies(sample)) {
      throw new JOSEException("a signature does not verify");
    }
    var signing = leastCost(() -> idle.signed(SAMPLE, "sample"), nanos);
    var verifying = leastCost(() -> idle.verifies(sample), nanos);
    return new KeyAtWork(key, signer, verifier, signing <= IN_PLACE, verifying <= IN_PLACE);
  }

  String sign(JWTClaimsSet claims, String typ) throws JOSEException {
    return signed(claims, typ).serialize();
  }

  /** Whether verifying {@code token} is cheap; another algorithm of the key was never timed. */
  boolean verifiesInPlace(SignedJWT token) {
    return verifiesInPlace && token.getHeader().getAlgorithm().equals(key.algorithm().jws());
  }

  boolean verifies(SignedJWT token) throws JOSEException {
    return token.verify(verifier);
  }

  private SignedJWT signed(JWTClaimsSet claims, String typ) throws JOSEException {
    var header =
        new JWSHeader.Builder(key.algorithm().jws())
            .type(new JOSEObjectType(typ))
            .keyID(key.kid())
            .build();
    var token = new SignedJWT(header, claims);
    token.sign(signer);
    return token;
  }

  /** The least of several: what it costs once compiled, undisturbed by the rest of the machine. */
  private static long leastCost(Operation operation, LongSupplier nanos) throws JOSEException {
    var least = Long.MAX_VALUE;
    var spent = 0L;
    for (var round = 0; round < ROUNDS && (spent < PATIENCE || round < LEAST_ROUNDS); round++) {
      var start = nanos.getAsLong();
      operation.run();
      var cost = nanos.getAsLong() - start;
      least = Math.min(least, cost);
      spent += cost;
    }
    return least;
  }

  @FunctionalInterface
  private interface Operation {
    Object run() throws JOSEException;
  }
}
