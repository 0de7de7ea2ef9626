package dev.keyturn.token;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.keys.SignatureVerifier;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.Future;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Judges our own access tokens: signature, type, issuer, times, revocation. */
public final class JwtVerifier implements TokenVerifier {
  private final Issuer issuer;
  private final SignatureVerifier signatures;
  private final Function<AccessToken, Future<Boolean>> denials;
  private final Clock clock;

  /** One that knows of a denial elsewhere two seconds later at the latest. */
  public JwtVerifier(Issuer issuer, SignatureVerifier signatures, Denials denials, Clock clock) {
    this(issuer, signatures, denials::isDenied, clock);
  }

  private JwtVerifier(
      Issuer issuer,
      SignatureVerifier signatures,
      Function<AccessToken, Future<Boolean>> denials,
      Clock clock) {
    this.issuer = issuer;
    this.signatures = signatures;
    this.denials = denials;
    this.clock = clock;
  }

  /** One that asks the store about each token, and fails while it is away. */
  public static JwtVerifier askingTheStore(
      Issuer issuer, SignatureVerifier signatures, Denials denials, Clock clock) {
    return new JwtVerifier(issuer, signatures, denials::isDeniedInStore, clock);
  }

  @Override
  public Future<AccessToken> verify(String token) {
    return signatures
        .verify(token, JwtIssuer.ACCESS_TOKEN)
        .map(this::judge)
        .compose(
            access ->
                denials
                    .apply(access)
                    .compose(
                        denied ->
                            denied
                                ? Future.failedFuture(
                                    INVALID_TOKEN.because("the session has ended"))
                                : Future.succeededFuture(access)));
  }

  private AccessToken judge(JWTClaimsSet claims) {
    try {
      var token = read(claims);
      var now = clock.instant();
      if (!issuer.value().equals(claims.getIssuer())) {
        throw INVALID_TOKEN.because("the token has another issuer");
      }
      if (!now.isBefore(token.expiresAt())) {
        throw INVALID_TOKEN.because("the token has expired");
      }
      if (claims.getNotBeforeTime() != null && now.isBefore(instant(claims.getNotBeforeTime()))) {
        throw INVALID_TOKEN.because("the token is not valid yet");
      }
      return token;
    } catch (ParseException e) {
      throw INVALID_TOKEN.because("the token lacks a claim");
    }
  }

  private static AccessToken read(JWTClaimsSet claims) throws ParseException {
    return new AccessToken(
        text(claims.getJWTID()),
        text(claims.getSubject()),
        text(claims.getStringClaim("client_id")),
        text(claims.getStringClaim("sid")),
        claims.getAudience(),
        Scopes.parse(Objects.requireNonNullElse(claims.getStringClaim("scope"), "")),
        instant(claims.getIssueTime()),
        instant(claims.getExpirationTime()));
  }

  private static String text(@org.jspecify.annotations.Nullable String claim) {
    return Optional.ofNullable(claim)
        .orElseThrow(() -> INVALID_TOKEN.because("the token lacks a claim"));
  }

  private static Instant instant(@org.jspecify.annotations.Nullable Date claim) {
    return Optional.ofNullable(claim)
        .map(Date::toInstant)
        .orElseThrow(() -> INVALID_TOKEN.because("the token lacks a claim"));
  }
}
