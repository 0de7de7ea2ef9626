package dev.keyturn.token;

import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.crypto.AesGcm;
import dev.keyturn.crypto.Digest;
import dev.keyturn.crypto.Hkdf;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Hands out the tokens of a session: the first ones, and those of each refresh.
 *
 * <p>A family changes by compare-and-swap. Whoever loses reads again and then holds the previous
 * token, for which the same successor is handed out: two parallel refreshes both succeed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2">RFC 9700, section 4.14.2</a>
 */
public final class SessionTokens {
  private static final int ATTEMPTS = 16;

  private final Sessions sessions;
  private final OpaqueTokens refreshTokens;
  private final JwtIssuer jwts;
  private final Lifespans lifespans;
  private final SecureRandom random;
  private final Clock clock;
  private final Audit audit;

  public SessionTokens(
      Sessions sessions,
      OpaqueTokens refreshTokens,
      JwtIssuer jwts,
      Lifespans lifespans,
      SecureRandom random,
      Clock clock,
      Audit audit) {
    this.sessions = sessions;
    this.refreshTokens = refreshTokens;
    this.jwts = jwts;
    this.lifespans = lifespans;
    this.random = random;
    this.clock = clock;
    this.audit = audit;
  }

  /**
   * The first tokens of a login.
   *
   * @param refreshable whether the client may have a refresh token
   */
  public Future<TokenSet> begin(
      Authorization authorization, String resource, Optional<String> nonce, boolean refreshable) {
    var now = clock.instant();
    var endsAt = now.plus(lifespans.session());
    var first =
        refreshable
            ? Optional.of(refreshTokens.mint(authorization.sessionId()))
            : Optional.<String>empty();
    var family =
        first.map(token -> new Family(Digest.of(token), expiry(now, endsAt), Optional.empty()));
    var session = new Session(authorization, endsAt, family, false);
    return sessions
        .begin(session)
        .compose(
            begun ->
                begun
                    ? write(session, authorization.scopes(), resource, first, nonce)
                    : refuse("the code was used before"));
  }

  /**
   * The next tokens for a refresh token.
   *
   * @param check looks at the session and refuses, by throwing, whatever else the request lacks; a
   *     refused request changes nothing. It answers what the access token is for
   */
  public Future<TokenSet> refresh(String token, Function<Session, Wish> check) {
    return refreshIf(token, session -> Future.succeededFuture(session).map(check));
  }

  /** The same for a check that takes its time. */
  public Future<TokenSet> refreshIf(String token, Function<Session, Future<Wish>> check) {
    var sessionId = refreshTokens.sessionOf(token);
    return sessionId.isEmpty()
        ? refuse("the refresh token is not valid")
        : refresh(sessionId.get(), token, check, ATTEMPTS);
  }

  /** What a refresh asks for: scopes and the resource of the access token. */
  public record Wish(Scopes scopes, String resource) {}

  private Future<TokenSet> refresh(
      String sessionId, String token, Function<Session, Future<Wish>> check, int attempts) {
    return sessions
        .read(sessionId)
        .compose(
            found -> {
              if (found.isEmpty() || found.get().value().ended()) {
                return refuse("the session has ended");
              }
              var session = found.get().value();
              return check
                  .apply(session)
                  .compose(
                      wish ->
                          rotate(found.get(), token)
                              .compose(
                                  next ->
                                      next.isPresent()
                                          ? write(
                                              session,
                                              wish.scopes(),
                                              wish.resource(),
                                              next,
                                              Optional.empty())
                                          : again(sessionId, token, check, attempts)));
            });
  }

  /** The refresh token that is good from now on; empty if somebody else was faster. */
  private Future<Optional<String>> rotate(Versioned<Session> read, String token) {
    var family = read.value().family();
    var hash = Digest.of(token);
    var now = clock.instant();
    if (family.isEmpty() || !now.isBefore(family.get().expiresAt())) {
      return refuse("the refresh token has expired");
    }
    if (Digest.same(family.get().current(), hash)) {
      return replaceCurrent(read, token, now);
    }
    var successor = family.get().previous().filter(previous -> Digest.same(previous.hash(), hash));
    return successor.isPresent()
        ? handOutAgain(read.value(), successor.get(), token, now)
        : reused(read.value());
  }

  private Future<Optional<String>> replaceCurrent(
      Versioned<Session> read, String token, Instant now) {
    var session = read.value();
    var next = refreshTokens.mint(session.authorization().sessionId());
    var sealed =
        Base64.getEncoder()
            .encodeToString(AesGcm.seal(keyOf(token), bytes(next), new byte[0], random));
    var family =
        new Family(
            Digest.of(next),
            expiry(now, session.endsAt()),
            Optional.of(new Family.Previous(Digest.of(token), now, sealed)));
    return sessions
        .replace(read, session.with(family))
        .onSuccess(
            written -> {
              if (written) {
                tell(session, RefreshOutcome.ROTATED);
              }
            })
        .map(written -> written ? Optional.of(next) : Optional.empty());
  }

  private Future<Optional<String>> handOutAgain(
      Session session, Family.Previous previous, String token, Instant now) {
    var inGrace = !now.isAfter(previous.rotatedAt().plus(lifespans.grace()));
    var inWindow = !now.isAfter(previous.rotatedAt().plus(lifespans.replayWindow()));
    var successor =
        inGrace || inWindow
            ? AesGcm.open(
                keyOf(token), Base64.getDecoder().decode(previous.successor()), new byte[0])
            : Optional.<byte[]>empty();
    if (successor.isEmpty()) {
      return reused(session);
    }
    tell(session, inGrace ? RefreshOutcome.REPEATED : RefreshOutcome.REPEATED_LATE);
    return Future.succeededFuture(
        successor.map(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
  }

  private Future<Optional<String>> reused(Session session) {
    tell(session, RefreshOutcome.REUSED);
    return sessions
        .end(session.authorization().sessionId())
        .compose(ended -> refuse("the refresh token was used before"));
  }

  private Future<TokenSet> again(
      String sessionId, String token, Function<Session, Future<Wish>> check, int attempts) {
    return attempts > 0
        ? refresh(sessionId, token, check, attempts - 1)
        : Future.failedFuture(new IllegalStateException("a session changes without end"));
  }

  private Future<TokenSet> write(
      Session session,
      Scopes scopes,
      String resource,
      Optional<String> refreshToken,
      Optional<String> nonce) {
    return jwts.accessToken(session, scopes, resource)
        .compose(
            access ->
                idToken(session, scopes, access.token(), nonce)
                    .map(
                        id ->
                            new TokenSet(access.token(), access.life(), scopes, refreshToken, id)));
  }

  private Future<Optional<String>> idToken(
      Session session, Scopes scopes, String accessToken, Optional<String> nonce) {
    return scopes.contains(Scopes.OPENID)
        ? jwts.idToken(session, accessToken, nonce).map(Optional::of)
        : Future.succeededFuture(Optional.empty());
  }

  private void tell(Session session, RefreshOutcome outcome) {
    var authorization = session.authorization();
    audit.tell(
        Kind.TOKEN_REFRESHED,
        Map.of(
            "client", authorization.clientId(),
            "session", authorization.sessionId(),
            "outcome", outcome.name().toLowerCase(Locale.ROOT)));
  }

  private Instant expiry(Instant now, Instant endsAt) {
    var expiry = now.plus(lifespans.refreshToken());
    return expiry.isBefore(endsAt) ? expiry : endsAt;
  }

  private static byte[] keyOf(String token) {
    return Hkdf.derive(bytes(token), "keyturn refresh successor");
  }

  private static byte[] bytes(String token) {
    return token.getBytes(StandardCharsets.US_ASCII);
  }

  private static <T> Future<T> refuse(String because) {
    return Future.failedFuture(INVALID_GRANT.because(because));
  }
}
