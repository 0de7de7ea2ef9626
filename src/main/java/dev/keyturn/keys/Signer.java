package dev.keyturn.keys;

import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.Future;

/** Signs tokens with the key of the moment. */
@FunctionalInterface
public interface Signer {
  /** The token with these claims whose header says {@code typ}, such as {@code at+jwt}. */
  Future<String> sign(JWTClaimsSet claims, String typ);
}
