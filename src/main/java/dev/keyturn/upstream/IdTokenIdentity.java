package dev.keyturn.upstream;

import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;
import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;
import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import java.net.URI;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Whom the ID token of an answer names, and whether it is still the same person after a refresh.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse">OpenID
 *     Connect Core, section 12.2</a>
 */
final class IdTokenIdentity {
  private final OutgoingHttp http;
  private final Optional<Userinfo> userinfo;
  private final IdTokenClaims expected;
  private final LogoutClaims expectedOfLogouts;
  private final IdTokens idTokens;
  private final Refusals refusals;
  private final Admission door;

  /**
   * @param ours whether we are the client of that name
   */
  IdTokenIdentity(
      OidcUpstream.Config config,
      ProviderKeys keys,
      Predicate<String> ours,
      Surroundings around,
      Refusals refusals) {
    this.http = around.http();
    this.userinfo = config.userinfo();
    this.refusals = refusals;
    this.door = new Admission(config.allow(), config.name());
    this.expected =
        new IdTokenClaims(
            config.issuer(),
            config.registration().clientId(),
            config.subjectClaim(),
            around.clock());
    this.expectedOfLogouts =
        new LogoutClaims(config.issuer(), ours, config.subjectClaim(), around.clock());
    this.idTokens = new IdTokens(keys);
  }

  /**
   * Whom a logout token is about.
   *
   * @param jwks finds where the provider's keys are
   */
  Future<LogoutNotice> loggedOut(String token, Supplier<Future<URI>> jwks) {
    return idTokens
        .judgeLogout(token, jwks, expectedOfLogouts)
        .recover(cause -> Future.failedFuture(asRefusal(cause)));
  }

  private Throwable asRefusal(Throwable cause) {
    if (!(cause instanceof InvalidIdToken token)) {
      return cause;
    }
    refusals.log("logout", token.check());
    return INVALID_REQUEST.because("logout_token is not good: " + token.check());
  }

  /** Who logged in; there must be an ID token for the client that began the login. */
  Future<UpstreamLogin> of(
      UpstreamTokens fresh, URI jwks, LoginAnswer answer, boolean nonceRequired) {
    var nonce = new NonceRule(Optional.of(answer.nonce()), nonceRequired);
    var meant = expected.forClient(answer.terms().clientId());
    return Future.succeededFuture(fresh)
        .map(tokens -> tokens.idToken().orElseThrow(() -> new InvalidIdToken("no_id_token")))
        .compose(token -> idTokens.judge(token, jwks, meant, nonce))
        .compose(claims -> admitted(claims, fresh));
  }

  /**
   * The same tokens, unless they come with an ID token of somebody else, or of somebody who may no
   * longer log in.
   *
   * @param client whom they were given to
   */
  Future<UpstreamTokens> same(UpstreamTokens fresh, URI jwks, Identity before, String client) {
    return fresh
        .idToken()
        .map(
            token ->
                idTokens
                    .judge(token, jwks, expected.forClient(client), NonceRule.NONE)
                    .map(claims -> requireSame(claims, before))
                    .compose(claims -> stillAdmitted(claims, fresh)))
        .orElseGet(() -> Future.succeededFuture(fresh));
  }

  /**
   * Whether the tokens can be from this provider. A refresh token of another one, who had this name
   * before, is none of its business.
   */
  boolean mayBeOwn(UpstreamTokens old, Identity of) {
    var own = expected.mayName(of, old.idToken().flatMap(Json::payload));
    if (!own) {
      refusals.log("refresh", "another_provider");
    }
    return own;
  }

  private Future<UpstreamLogin> admitted(JWTClaimsSet claims, UpstreamTokens fresh) {
    var identity = expected.identity(claims);
    return userinfo
        .map(
            from ->
                from.ask(http, fresh.accessToken(), refusals)
                    .map(answer -> requireAbout(claims.getSubject(), answer))
                    .map(
                        answer ->
                            admit(identity.with(from.profile(answer)), fresh, Optional.of(answer))))
        .orElseGet(
            () -> Future.succeededFuture(identity).map(who -> admit(who, fresh, Optional.empty())));
  }

  private UpstreamLogin admit(Identity who, UpstreamTokens fresh, Optional<ObjectNode> userinfo) {
    Supplier<ObjectNode> claims = () -> Account.claims(payload(fresh), userinfo);
    return new UpstreamLogin(door.admit(who, claims), fresh, new Claims(claims));
  }

  /** Userinfo is asked again only for the rule, and a userinfo in trouble is not a no. */
  private Future<UpstreamTokens> stillAdmitted(JWTClaimsSet claims, UpstreamTokens fresh) {
    return door.rule().isAnyone()
        ? Future.succeededFuture(fresh)
        : admitted(claims, fresh)
            .map(now -> fresh)
            .recover(cause -> Future.failedFuture(isFault(cause) ? noUserinfo() : cause));
  }

  private static boolean isFault(Throwable cause) {
    return cause instanceof OAuthException refusal && refusal.error().code() == SERVER_ERROR;
  }

  private UnavailableException noUserinfo() {
    return refusals.unusable("refresh", "no_userinfo");
  }

  /** The claims as the provider wrote them: Nimbus rounds numbers that are too long for it. */
  private static ObjectNode payload(UpstreamTokens fresh) {
    return fresh
        .idToken()
        .flatMap(Json::payload)
        .orElseThrow(() -> new InvalidIdToken("unreadable_claims"));
  }

  /** Userinfo of somebody else could put another face on this person (section 5.3.2). */
  private ObjectNode requireAbout(String subject, ObjectNode answer) {
    if (!Json.text(answer, "sub").map(subject::equals).orElse(false)) {
      throw refusals.of("userinfo", "wrong_sub");
    }
    return answer;
  }

  private JWTClaimsSet requireSame(JWTClaimsSet claims, Identity before) {
    if (!Digest.same(expected.identity(claims).subject(), before.subject())) {
      refusals.log("refresh", "another_subject");
      throw INVALID_GRANT.because("");
    }
    return claims;
  }
}
