package dev.keyturn.upstream;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the claims of a logout token must say to be for us and of now.
 *
 * <p>An ID token must never pass for one, or whoever sees one could log its person out: so there
 * must be the event, and there must be no nonce. One that names nobody whom we could know, since it
 * lacks the claim by which we do, is refused: the provider must not believe that somebody is out.
 *
 * @param ours whether we are the client of that name at the provider
 * @param subjectClaim the claim that names people
 * @see <a href="https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation">OpenID
 *     Connect Back-Channel Logout, section 2.6</a>
 */
record LogoutClaims(
    ExpectedIssuer issuer, Predicate<String> ours, String subjectClaim, Clock clock) {
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final int MAX_ID = 512;

  /** The issuer under which it names people; one of another provider is refused. */
  String requireIssuer(JWTClaimsSet claims) {
    return Optional.ofNullable(claims.getIssuer())
        .flatMap(iss -> issuer.of(iss, text(claims, "tid")))
        .orElseThrow(() -> wrong("iss"));
  }

  LogoutNotice check(JWTClaimsSet claims) {
    var names = requireIssuer(claims);
    requireLogoutOfNow(claims);
    var id = text(claims, "jti").filter(text -> text.length() <= MAX_ID);
    var sid = name(claims, "sid");
    require(sid.isPresent() || name(claims, "sub").isPresent(), "sub");
    var account = name(claims, subjectClaim);
    require(sid.isPresent() || account.isPresent(), subjectClaim);
    return new LogoutNotice(
        names,
        id.orElseThrow(() -> wrong("jti")),
        sid.map(value -> new ProviderSession(String.valueOf(claims.getIssuer()), value)),
        account.map(value -> new Subject(names, subjectClaim, value).wire()),
        account);
  }

  private void requireLogoutOfNow(JWTClaimsSet claims) {
    require(claims.getAudience().stream().anyMatch(ours), "aud");
    require(isRecent(claims.getIssueTime()), "iat");
    require(isLive(claims.getExpirationTime()), "exp");
    require(
        claims.getClaim("events") instanceof Map<?, ?> events
            && events.get(EVENT) instanceof Map<?, ?>,
        "events");
    require(claims.getClaim("nonce") == null, "nonce");
  }

  /** What names a login or a person; what is there and names nothing is wrong. */
  private static Optional<String> name(JWTClaimsSet claims, String claim) {
    var name = text(claims, claim).filter(Subject::isValid);
    require(name.isPresent() || claims.getClaim(claim) == null, claim);
    return name;
  }

  private boolean isRecent(@Nullable Date issued) {
    var now = clock.instant();
    return issued != null
        && !issued.toInstant().isAfter(now.plus(SKEW))
        && issued.toInstant().isAfter(now.minus(LIFE).minus(SKEW));
  }

  private boolean isLive(@Nullable Date end) {
    return end == null || clock.instant().isBefore(end.toInstant().plus(SKEW));
  }

  private static Optional<String> text(JWTClaimsSet claims, String name) {
    return claims.getClaim(name) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static void require(boolean holds, String claim) {
    if (!holds) {
      throw wrong(claim);
    }
  }

  private static InvalidIdToken wrong(String claim) {
    return new InvalidIdToken("wrong_" + claim);
  }
}
