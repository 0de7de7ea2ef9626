package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.upstream.TokenRequests.Redeemed;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * What holds at an OAuth 2.0 provider under one configuration; a request goes on under the terms
 * that it began under.
 */
final class OAuth2Terms {
  private static final int HASH = 16;

  private final OAuth2Upstream.Config config;
  private final OutgoingHttp http;
  private final Refusals refusals;
  private final Admission door;
  private final TokenRequests tokens;
  private final AuthorizationRequests requests;

  OAuth2Terms(OAuth2Upstream.Config config, ClientSecrets secrets, Surroundings around) {
    this.config = config;
    this.http = around.http();
    this.refusals = new Refusals(config.name());
    this.door = new Admission(config.allow(), config.name());
    this.tokens =
        new TokenRequests(config.registration(), config.fields(), secrets, around, refusals);
    this.requests =
        new AuthorizationRequests(
            around.vertx(), config.registration(), config.authorizationEndpoint());
  }

  OAuth2Upstream.Config config() {
    return config;
  }

  void close() {
    requests.close();
  }

  LoginBegun begin(LoginRequest request) {
    return new LoginBegun(requests.url(request), LoginTerms.of(config));
  }

  Future<UpstreamLogin> finish(LoginAnswer answer) {
    return Future.succeededFuture(answer)
        .map(came -> tokens.requireBegunAt(config.issuedBy(), came))
        .map(refusals::codeOf)
        .compose(code -> tokens.redeem(config.tokenEndpoint(), code, answer))
        .compose(this::login)
        .map(login -> login.of(answer.terms().clientId()));
  }

  Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String client) {
    return mayBeOwn(of)
        ? tokens.refresh(config.tokenEndpoint(), old, client)
        : Future.succeededFuture(new RefreshAnswer.Refused());
  }

  Future<RevocationAnswer> revoke(UpstreamTokens unused, String client) {
    return tokens.revoke(config.revocationEndpoint(), unused, client);
  }

  /** A refresh token of another provider, who had this name before, is none of its business. */
  private boolean mayBeOwn(Identity of) {
    var named =
        config.namingClaims().stream()
            .map(claim -> new Subject(config.issuedBy(), claim, of.account()).wire())
            .anyMatch(wire -> Digest.same(wire, of.subject()));
    if (!named) {
      refusals.log("refresh", "another_provider");
    }
    return named;
  }

  private Future<UpstreamLogin> login(Redeemed redeemed) {
    var issuer = config.issuedBy();
    if (config.identityFromToken().isPresent()) {
      return Future.succeededFuture(config.identityFromToken().get())
          .map(
              rule ->
                  rule.in(redeemed.body(), issuer)
                      .orElseThrow(() -> refusals.of("identity_from_token", "no_subject")))
          .map(identity -> admit(identity, redeemed.tokens(), redeemed::body));
    }
    var tokens = redeemed.tokens();
    return config
        .userinfo()
        .map(userinfo -> fromUserinfo(userinfo, tokens, issuer))
        .orElseGet(
            () ->
                Future.succeededFuture(synthetic(tokens.accessToken(), issuer))
                    .map(identity -> admit(identity, tokens, Json::empty)));
  }

  private Future<UpstreamLogin> fromUserinfo(
      Userinfo userinfo, UpstreamTokens tokens, String issuer) {
    return userinfo
        .ask(http, tokens.accessToken(), refusals)
        .map(
            answer ->
                userinfo
                    .subject(answer, issuer)
                    .map(subject -> Identity.of(subject).with(userinfo.profile(answer)))
                    .map(identity -> admit(identity, tokens, () -> answer))
                    .orElseThrow(() -> refusals.of("userinfo", "no_subject")));
  }

  private UpstreamLogin admit(
      Identity identity, UpstreamTokens tokens, Supplier<ObjectNode> claims) {
    return new UpstreamLogin(door.admit(identity, claims), tokens, new Claims(claims));
  }

  private static Identity synthetic(String accessToken, String issuer) {
    var hash = Digest.of(accessToken.getBytes(StandardCharsets.UTF_8));
    var name = "tk-" + HexFormat.of().formatHex(hash, 0, HASH);
    return Identity.of(new Subject(issuer, OAuth2Upstream.Config.SYNTHETIC, name));
  }
}
