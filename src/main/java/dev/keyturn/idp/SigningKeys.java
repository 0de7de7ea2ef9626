package dev.keyturn.idp;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/**
 * The ES256 key that signs, and the one before it, which stays published.
 *
 * <p>Making a key and signing go to the worker pool: the JDK needs a millisecond for either.
 */
final class SigningKeys {
  private final Vertx vertx;
  private final SecureRandom random;
  private volatile List<ECKey> newestFirst = List.of();

  SigningKeys(Vertx vertx, SecureRandom random) {
    this.vertx = vertx;
    this.random = random;
  }

  Future<Void> rotate() {
    return vertx.executeBlocking(this::generate, false).map(this::startSigningWith).mapEmpty();
  }

  Future<String> sign(JWTClaimsSet claims) {
    var key = newestFirst.get(0);
    return vertx.executeBlocking(() -> sign(key, claims), false);
  }

  JsonObject published() {
    return new JsonObject(new JWKSet(List.copyOf(newestFirst)).toJSONObject(true));
  }

  private synchronized List<ECKey> startSigningWith(ECKey key) {
    newestFirst = Stream.concat(Stream.of(key), newestFirst.stream().limit(1)).toList();
    return newestFirst;
  }

  private ECKey generate() throws JOSEException {
    return new ECKeyGenerator(Curve.P_256)
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(JWSAlgorithm.ES256)
        .keyIDFromThumbprint(true)
        .secureRandom(random)
        .generate();
  }

  private static String sign(ECKey key, JWTClaimsSet claims) throws JOSEException {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    var token = new SignedJWT(header, claims);
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }
}
