package dev.keyturn.keys;

import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.Future;

/** Tells whether a token was signed by one of our keys; what it claims is for others to judge. */
@FunctionalInterface
public interface SignatureVerifier {
  /** The claims of a token of type {@code typ}; any other token fails with invalid_token. */
  Future<JWTClaimsSet> verify(String token, String typ);
}
