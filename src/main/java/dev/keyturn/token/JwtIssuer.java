package dev.keyturn.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import dev.keyturn.keys.Signer;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;

/**
 * Writes access tokens and ID tokens.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9068#section-2">RFC 9068, section 2</a>
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#IDToken">OpenID Connect Core,
 *     section 2</a>
 */
public final class JwtIssuer {
  /** The {@code typ} of an access token. */
  static final String ACCESS_TOKEN = "at+jwt";

  /** The {@code typ} of an ID token. */
  static final String ID_TOKEN = "JWT";

  private final Issuer issuer;
  private final Signer signer;
  private final Lifespans lifespans;
  private final SecureRandom random;
  private final Clock clock;

  public JwtIssuer(
      Issuer issuer, Signer signer, Lifespans lifespans, SecureRandom random, Clock clock) {
    this.issuer = issuer;
    this.signer = signer;
    this.lifespans = lifespans;
    this.random = random;
    this.clock = clock;
  }

  /** An access token of a session for one of its resources; it never outlives the session. */
  Future<Written> accessToken(Session session, Scopes scopes, String resource) {
    var authorization = session.authorization();
    var now = clock.instant();
    var end = earlier(now.plus(lifespans.accessToken()), session.endsAt());
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer.value())
            .subject(authorization.subject())
            .audience(resource)
            .expirationTime(Date.from(end))
            .issueTime(Date.from(now))
            .jwtID(identifier())
            .claim("client_id", authorization.clientId())
            .claim("sid", authorization.sessionId());
    if (!scopes.isEmpty()) {
      claims.claim("scope", scopes.wire());
    }
    return signer
        .sign(claims.build(), ACCESS_TOKEN)
        .map(token -> new Written(token, Duration.between(now, end)));
  }

  /** The ID token that goes with an access token. */
  Future<String> idToken(Session session, String accessToken, Optional<String> nonce) {
    var authorization = session.authorization();
    var person = authorization.person();
    var now = clock.instant();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer.value())
            .subject(authorization.subject())
            .audience(authorization.clientId())
            .expirationTime(Date.from(earlier(now.plus(lifespans.accessToken()), session.endsAt())))
            .issueTime(Date.from(now))
            .claim("sid", authorization.sessionId())
            .claim("at_hash", hash(accessToken));
    nonce.ifPresent(value -> claims.claim("nonce", value));
    person.authenticatedAt().ifPresent(at -> claims.claim("auth_time", at.getEpochSecond()));
    person.acr().ifPresent(value -> claims.claim("acr", value));
    if (!person.amr().isEmpty()) {
      claims.claim("amr", person.amr());
    }
    return signer.sign(claims.build(), ID_TOKEN);
  }

  /** A token and how long it is good. */
  record Written(String token, Duration life) {}

  private static String hash(String accessToken) {
    try {
      var header = JWSHeader.parse(new com.nimbusds.jose.util.Base64URL(firstPart(accessToken)));
      // EdDSA alone does not say which hash it uses; our keys of that kind are on one curve.
      return AccessTokenHash.compute(
              new BearerAccessToken(accessToken), header.getAlgorithm(), Curve.Ed25519)
          .getValue();
    } catch (ParseException e) {
      throw new IllegalStateException("our own access token cannot be read", e);
    }
  }

  private static String firstPart(String token) {
    return token.substring(0, token.indexOf('.'));
  }

  private String identifier() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
