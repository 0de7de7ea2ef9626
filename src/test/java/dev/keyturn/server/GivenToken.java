package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.keys.Signatures;
import dev.keyturn.keys.SigningKeys;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Date;

/** Access tokens as we write them, and as others would like to. */
final class GivenToken {
  private GivenToken() {}

  static String signed(Vertx vertx, SigningKeys keys, String issuer) {
    var signatures = new Signatures(vertx, () -> keys, CryptoProvider.jdk("test"));
    return done(signatures.sign(claims(issuer), "at+jwt"));
  }

  /** One for {@code resource}, with {@code scope}, that somebody who has our keys may write. */
  static String signed(Vertx vertx, SigningKeys keys, String resource, String scope) {
    var signatures = new Signatures(vertx, () -> keys, CryptoProvider.jdk("test"));
    var claims =
        new JWTClaimsSet.Builder(claims(GivenConfig.ISSUER))
            .audience(resource)
            .claim("scope", scope)
            .build();
    return done(signatures.sign(claims, "at+jwt"));
  }

  static String unsigned(String issuer) {
    return new PlainJWT(claims(issuer)).serialize();
  }

  private static JWTClaimsSet claims(String issuer) {
    var now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .subject("u_alice")
        .audience("https://mcp.example.com")
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(60)))
        .jwtID("j1")
        .claim("client_id", "c1")
        .claim("scope", "openid")
        .claim("sid", "s1")
        .build();
  }
}
