package dev.keyturn.given;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What a client signs who proves itself by a key of its own. */
public record SigningClient(String id, ECKey key, String audience, Clock clock) {
  public static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /** One with a new key. */
  public static SigningClient of(String id, String audience, Clock clock) {
    return new SigningClient(id, newKey(), audience, clock);
  }

  /** The same client with another key. */
  public SigningClient with(ECKey other) {
    return new SigningClient(id, other, audience, clock);
  }

  public static ECKey newKey() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(UUID.randomUUID().toString()).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** The public half of some keys, as a set. */
  public static JsonObject jwks(ECKey... keys) {
    return new JsonObject(new JWKSet(List.<com.nimbusds.jose.jwk.JWK>of(keys)).toString(true));
  }

  /** A document of a client that signs, with a key that nobody has. */
  public static JsonObject document(String id, String... redirectUris) {
    return document(id, jwks(newKey()), redirectUris);
  }

  /** A document of a client that signs by these keys. */
  public static JsonObject document(String id, JsonObject jwks, String... redirectUris) {
    return new JsonObject()
        .put("client_id", id)
        .put("client_name", "Some Service")
        .put("redirect_uris", new JsonArray(List.of(redirectUris)))
        .put("token_endpoint_auth_method", "private_key_jwt")
        .put("jwks", jwks);
  }

  /** An assertion in which everything is in order. */
  public String assertion() {
    return assertion(claims -> claims);
  }

  /** One in which the claims are changed. */
  public String assertion(UnaryOperator<JWTClaimsSet.Builder> change) {
    return assertion(change, header -> header);
  }

  /** One in which claims and header are changed. */
  public String assertion(
      UnaryOperator<JWTClaimsSet.Builder> change, UnaryOperator<JWSHeader.Builder> header) {
    var now = clock.instant();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(id)
            .subject(id)
            .audience(audience)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(Duration.ofMinutes(1))))
            .jwtID(UUID.randomUUID().toString());
    var head =
        new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).keyID(key.getKeyID());
    try {
      var jwt = new SignedJWT(header.apply(head).build(), change.apply(claims).build());
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** A token request with an assertion, and without a {@code client_id}. */
  public Form signed(Form request) {
    return signed(request, assertion());
  }

  public static Form signed(Form request, String assertion) {
    return request
        .without("client_id")
        .with("client_assertion_type", TYPE)
        .with("client_assertion", assertion);
  }
}
