package dev.keyturn.upstream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.vertx.core.Future;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

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

  private static final int MAX_LOGOUT_TOKEN = 8 * 1024;

  /** Three parts of base64url; more lenient decoders take one token in many spellings. */
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++");

  private static final Types ID_TOKEN =
      new Types(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, null));
  private static final Types LOGOUT_TOKEN =
      new Types(
          new DefaultJOSEObjectTypeVerifier<>(
              JOSEObjectType.JWT, new JOSEObjectType("logout+jwt"), null));

  private final ProviderKeys keys;

  IdTokens(ProviderKeys keys) {
    this.keys = keys;
  }

  /** The claims of a token that is in order; else an {@link InvalidIdToken}. */
  Future<JWTClaimsSet> judge(String token, URI jwks, IdTokenClaims expected, NonceRule nonce) {
    return Future.succeededFuture(token)
        .map(IdTokens::parse)
        .compose(jwt -> verified(jwt, jwks, ID_TOKEN))
        .map(claims -> expected.check(claims, nonce));
  }

  /**
   * What a logout token says that is in order; else an {@link InvalidIdToken}. Anybody may send
   * one, so the provider is not asked for anything unless it says to be this provider's.
   *
   * @param jwks finds where the keys are
   */
  Future<LogoutNotice> judgeLogout(
      String token, Supplier<Future<URI>> jwks, LogoutClaims expected) {
    return Future.succeededFuture(token)
        .map(sent -> parse(requireCompact(sent)))
        .map(jwt -> requireOwn(jwt, expected))
        .compose(jwt -> jwks.get().compose(keySet -> verified(jwt, keySet, LOGOUT_TOKEN)))
        .map(expected::check);
  }

  private static String requireCompact(String token) {
    if (token.length() > MAX_LOGOUT_TOKEN) {
      throw new InvalidIdToken("too_long");
    }
    if (!COMPACT.matcher(token).matches()) {
      throw new InvalidIdToken("not_a_signed_jwt");
    }
    return token;
  }

  /** As long as nothing is verified, this is only what it says. */
  private static SignedJWT requireOwn(SignedJWT jwt, LogoutClaims expected) {
    try {
      var ignored = expected.requireIssuer(jwt.getJWTClaimsSet());
      return jwt;
    } catch (ParseException | IllegalArgumentException e) {
      throw new InvalidIdToken("unreadable_claims");
    }
  }

  private Future<JWTClaimsSet> verified(SignedJWT jwt, URI jwks, Types types) {
    return keys.current(jwks)
        .compose(set -> isKnown(jwt, set) ? Future.succeededFuture(set) : keys.afresh(jwks))
        .map(set -> verify(jwt, set, types))
        .recover(cause -> again(jwt, jwks, types, cause));
  }

  /** Without a {@code kid} only the signature shows that the provider has new keys. */
  private Future<JWTClaimsSet> again(SignedJWT jwt, URI jwks, Types types, Throwable cause) {
    return jwt.getHeader().getKeyID() == null && cause instanceof InvalidIdToken
        ? keys.afresh(jwks).map(set -> verify(jwt, set, types))
        : Future.failedFuture(cause);
  }

  private static boolean isKnown(SignedJWT jwt, JWKSet set) {
    return !fitting(jwt, set).isEmpty();
  }

  private static List<JWK> fitting(SignedJWT jwt, JWKSet set) {
    return new JWKSelector(JWKMatcher.forJWSHeader(jwt.getHeader())).select(set);
  }

  /** Where several keys fit, the token must name one (Core, section 10.1). */
  private static JWTClaimsSet verify(SignedJWT jwt, JWKSet set, Types types) {
    if (jwt.getHeader().getKeyID() == null && fitting(jwt, set).size() > 1) {
      throw new InvalidIdToken("unnamed_key");
    }
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(types.verifier());
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
    } catch (ParseException | IllegalArgumentException e) {
      throw new InvalidIdToken("not_a_signed_jwt");
    }
  }

  /** What the header may say that a token is. */
  private record Types(JOSEObjectTypeVerifier<SecurityContext> verifier) {}
}
