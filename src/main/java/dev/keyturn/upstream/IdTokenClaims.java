package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.crypto.Digest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the claims of an ID token must say to be for us and of now, and whom they then name.
 *
 * <p>Nimbus' own check of these claims reads the system's clock, which nobody can set in a test.
 *
 * @param clientId who we are at the provider
 * @param subjectClaim the claim that names people
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation">OpenID
 *     Connect Core, section 3.1.3.7</a>
 */
record IdTokenClaims(ExpectedIssuer issuer, String clientId, String subjectClaim, Clock clock) {
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int MAX_METHODS = 20;

  JWTClaimsSet check(JWTClaimsSet claims, NonceRule nonce) {
    require(issuerOf(claims).isPresent(), "iss");
    require(claims.getAudience().contains(clientId), "aud");
    var azp = text(claims, "azp");
    require(azp.map(clientId::equals).orElse(claims.getAudience().size() == 1), "azp");
    require(azp.isPresent() || claims.getClaim("azp") == null, "azp");
    require(isLive(claims), "exp");
    require(notLater(claims.getIssueTime()), "iat");
    require(claims.getNotBeforeTime() == null || notLater(claims.getNotBeforeTime()), "nbf");
    require(text(claims, "sub").filter(Subject::isValid).isPresent(), "sub");
    require(nonce.admits(text(claims, "nonce")), "nonce");
    return claims;
  }

  /** The same for another client of ours. */
  IdTokenClaims forClient(String other) {
    return new IdTokenClaims(issuer, other, subjectClaim, clock);
  }

  /**
   * Whether {@code person} was named by this issuer.
   *
   * @param idToken the claims of the last ID token; only a shared issuer needs them
   */
  boolean mayName(Identity person, Optional<ObjectNode> idToken) {
    var named = idToken.flatMap(claims -> Json.text(claims, "iss"));
    var tid = idToken.flatMap(claims -> Json.text(claims, "tid"));
    return Stream.concat(Stream.of(issuer.value()), named.stream())
        .flatMap(iss -> issuer.of(iss, tid).stream())
        .map(iss -> new Subject(iss, subjectClaim, person.account()).wire())
        .anyMatch(wire -> Digest.same(wire, person.subject()));
  }

  /** The person that checked claims name. */
  Identity identity(JWTClaimsSet claims) {
    var name = text(claims, subjectClaim).filter(Subject::isValid);
    var subject =
        issuerOf(claims)
            .flatMap(iss -> name.map(value -> new Subject(iss, subjectClaim, value)))
            .orElseThrow(() -> new InvalidIdToken("subject_claim"));
    return new Identity(
            subject.wire(),
            subject.value(),
            Optional.empty(),
            Optional.empty(),
            false,
            authenticatedAt(claims),
            text(claims, "acr").filter(Subject::isValid),
            methods(claims))
        .with(profile(claims));
  }

  private Optional<String> issuerOf(JWTClaimsSet claims) {
    return Optional.ofNullable(claims.getIssuer())
        .flatMap(iss -> issuer.of(iss, text(claims, "tid")));
  }

  private boolean isLive(JWTClaimsSet claims) {
    return claims.getExpirationTime() != null
        && clock.instant().isBefore(claims.getExpirationTime().toInstant().plus(SKEW));
  }

  private boolean notLater(@Nullable Date time) {
    return time != null && !time.toInstant().isAfter(clock.instant().plus(SKEW));
  }

  private static Optional<Instant> authenticatedAt(JWTClaimsSet claims) {
    return claims.getClaim("auth_time") instanceof Number seconds && seconds.longValue() > 0
        ? Optional.of(Instant.ofEpochSecond(Math.min(seconds.longValue(), Integer.MAX_VALUE * 4L)))
        : Optional.empty();
  }

  private static Profile profile(JWTClaimsSet claims) {
    var verified = claims.getClaim("email_verified");
    return new Profile(
        text(claims, "name"),
        text(claims, "email"),
        Boolean.TRUE.equals(verified) || "true".equals(verified));
  }

  private static List<String> methods(JWTClaimsSet claims) {
    return claims.getClaim("amr") instanceof List<?> methods
        ? methods.stream()
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .filter(Subject::isValid)
            .limit(MAX_METHODS)
            .toList()
        : List.of();
  }

  private static Optional<String> text(JWTClaimsSet claims, String name) {
    return claims.getClaim(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static void require(boolean holds, String claim) {
    if (!holds) {
      throw new InvalidIdToken("wrong_" + claim);
    }
  }
}
