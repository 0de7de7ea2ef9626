package dev.keyturn.upstream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.vertx.core.Future;
import java.net.URI;
import java.text.ParseException;
import java.util.Set;

/**
 * Judges whether an ID token was signed by its provider, and whether its claims hold.
 *
 * <p>Never unsigned, and never by a shared secret: with {@code HS256} the provider's public key
 * would be a secret that everybody has. EdDSA is not among the algorithms, because Nimbus verifies
 * it only with a library that is not here.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation">OpenID
 *     Connect Core, section 3.1.3.7</a>
 */
final class IdTokens {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  private final ProviderKeys keys;

  IdTokens(ProviderKeys keys) {
    this.keys = keys;
  }

  /** The claims of a token that is in order; else an {@link InvalidIdToken}. */
  Future<JWTClaimsSet> judge(String token, URI jwks, IdTokenClaims expected, NonceRule nonce) {
    return Future.succeededFuture(token)
        .map(IdTokens::parse)
        .compose(jwt -> verified(jwt, jwks))
        .map(claims -> expected.check(claims, nonce));
  }

  private Future<JWTClaimsSet> verified(SignedJWT jwt, URI jwks) {
    return keys.current(jwks)
        .compose(set -> isKnown(jwt, set) ? Future.succeededFuture(set) : keys.afresh(jwks))
        .map(set -> verify(jwt, set))
        .recover(cause -> again(jwt, jwks, cause));
  }

  /** Without a {@code kid} only the signature shows that the provider has new keys. */
  private Future<JWTClaimsSet> again(SignedJWT jwt, URI jwks, Throwable cause) {
    return jwt.getHeader().getKeyID() == null && cause instanceof InvalidIdToken
        ? keys.afresh(jwks).map(set -> verify(jwt, set))
        : Future.failedFuture(cause);
  }

  private static boolean isKnown(SignedJWT jwt, JWKSet set) {
    return !new JWKSelector(JWKMatcher.forJWSHeader(jwt.getHeader())).select(set).isEmpty();
  }

  private static JWTClaimsSet verify(SignedJWT jwt, JWKSet set) {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(set)));
    processor.setJWTClaimsSetVerifier((claims, context) -> {});
    try {
      return processor.process(jwt, null);
    } catch (BadJWSException e) {
      throw new InvalidIdToken("bad_signature");
    } catch (BadJOSEException | JOSEException e) {
      throw new InvalidIdToken("no_usable_key");
    }
  }

  private static SignedJWT parse(String token) {
    try {
      var jwt = SignedJWT.parse(token);
      if (!ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
        throw new InvalidIdToken("forbidden_algorithm");
      }
      return jwt;
    } catch (ParseException e) {
      throw new InvalidIdToken("not_a_signed_jwt");
    }
  }
}
