package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.SignedJWT;

/**
 * A public key with what verifies by it, and the knowledge of what that costs.
 *
 * @param cheap whether a verification under the key's present algorithm may be on an event loop
 */
record VerifierAtWork(VerificationKey key, JWSVerifier verifier, boolean cheap) {
  /** Whether verifying {@code token} is cheap; another algorithm of the key was never timed. */
  boolean isInPlaceFor(SignedJWT token) {
    return cheap && token.getHeader().getAlgorithm().equals(key.algorithm().jws());
  }

  boolean verifies(SignedJWT token) throws JOSEException {
    return token.verify(verifier);
  }
}
