package dev.keyturn.idp;

import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.function.Supplier;

/**
 * Makes the ID token of a login.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#IDToken">OpenID Connect Core,
 *     section 2</a>
 */
record IdTokens(String issuer, Clock clock, SigningKeys keys, Supplier<Faults> faults) {
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  Future<String> issueFor(Login login) {
    return keys.sign(faults.get().idToken().apply(claimsOf(login)).build());
  }

  private JWTClaimsSet.Builder claimsOf(Login login) {
    var now = clock.instant();
    var person = login.person();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(person.subject())
            .audience(login.clientId())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LIFETIME)))
            .claim("auth_time", login.at().getEpochSecond())
            .claim("email", person.email())
            .claim("email_verified", true)
            .claim("name", person.name())
            .claim("preferred_username", person.username());
    login.nonce().ifPresent(nonce -> claims.claim("nonce", nonce));
    return claims;
  }
}
