package dev.keyturn.upstream;

import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;

import dev.keyturn.config.Settings;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.upstream.TokenRequests.Redeemed;
import io.vertx.core.Future;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A provider that speaks OAuth 2.0 and no OpenID Connect: its endpoints are configured.
 *
 * <p>Who the person is comes from the token answer, else from userinfo; where there is neither, the
 * access token itself names somebody who is new with every login. Who may log in is judged then; a
 * refreshed token tells nothing of the person, so it is not judged again.
 */
public final class OAuth2Upstream implements Provider {
  private static final int SYNTHETIC = 16;

  private final Config config;
  private final OutgoingHttp http;
  private final Refusals refusals;
  private final Admission door;
  private final TokenRequests tokens;
  private final AuthorizationRequests requests;

  OAuth2Upstream(Config config, Surroundings around) {
    this.config = config;
    this.http = around.http();
    this.refusals = new Refusals(config.name());
    this.door = new Admission(config.allow, config.name());
    this.tokens =
        new TokenRequests(config.registration, config.fields(), http, around.clock(), refusals);
    this.requests =
        new AuthorizationRequests(
            around.vertx(), config.registration, config.authorizationEndpoint);
  }

  @Override
  public String name() {
    return config.name;
  }

  @Override
  public void start() {
    // Everything is configured: there is nothing to find out.
  }

  @Override
  public void stop() {
    requests.close();
  }

  @Override
  public UpstreamStatus status() {
    return new UpstreamStatus(config.name, true, Optional.empty());
  }

  @Override
  public Future<URI> begin(LoginRequest request) {
    return Future.succeededFuture(request).map(requests::url);
  }

  @Override
  public Future<UpstreamLogin> finish(LoginAnswer answer) {
    return Future.succeededFuture(answer)
        .map(refusals::codeOf)
        .compose(code -> tokens.redeem(config.tokenEndpoint, code, answer.verifier()))
        .compose(
            redeemed -> identity(redeemed).map(who -> new UpstreamLogin(who, redeemed.tokens())));
  }

  @Override
  public Future<UpstreamTokens> refresh(UpstreamTokens old, Identity of) {
    return Future.succeededFuture(old)
        .map(kept -> kept.refreshToken().orElseThrow(() -> INVALID_GRANT.because("")))
        .compose(token -> tokens.refresh(config.tokenEndpoint, token, old.scopes()))
        .map(redeemed -> redeemed.tokens().orElse(old));
  }

  private Future<Identity> identity(Redeemed redeemed) {
    var issuer = config.tokenEndpoint.toString();
    if (config.identityFromToken.isPresent()) {
      return Future.succeededFuture(config.identityFromToken.get())
          .map(
              rule ->
                  rule.in(redeemed.body(), issuer)
                      .orElseThrow(() -> refusals.of("identity_from_token", "no_subject")))
          .map(identity -> door.admit(identity, redeemed::body));
    }
    var accessToken = redeemed.tokens().accessToken();
    return config
        .userinfo
        .map(userinfo -> fromUserinfo(userinfo, accessToken, issuer))
        .orElseGet(
            () ->
                Future.succeededFuture(synthetic(accessToken, issuer))
                    .map(identity -> door.admit(identity, Json::empty)));
  }

  private Future<Identity> fromUserinfo(Userinfo userinfo, String accessToken, String issuer) {
    return userinfo
        .ask(http, accessToken, refusals)
        .map(
            answer ->
                userinfo
                    .subject(answer, issuer)
                    .map(subject -> Identity.of(subject).with(userinfo.profile(answer)))
                    .map(identity -> door.admit(identity, () -> answer))
                    .orElseThrow(() -> refusals.of("userinfo", "no_subject")));
  }

  private static Identity synthetic(String accessToken, String issuer) {
    var hash = Digest.of(accessToken.getBytes(StandardCharsets.UTF_8));
    var name = "tk-" + HexFormat.of().formatHex(hash, 0, SYNTHETIC);
    return Identity.of(new Subject(issuer, "access_token", name));
  }

  /** Where the provider is and who we are to it. */
  public record Config(
      String name,
      Registration registration,
      URI authorizationEndpoint,
      URI tokenEndpoint,
      Optional<Userinfo> userinfo,
      Optional<TokenFields> tokenFields,
      Optional<IdentityFromToken> identityFromToken,
      Allow allow)
      implements UpstreamConfig {
    /** Reads an entry of {@code upstreams} whose type is {@code oauth2}. */
    public static Optional<Config> from(
        Settings settings, SecretReader secrets, String redirectUri) {
      var entry = new Entry(settings, "oauth2");
      var name = entry.name();
      var config = entry.config();
      PlannedRegistration.refuse(config);
      var defaults = new Registration.Defaults(redirectUri, List.of(), true);
      var registration = Registration.from(config, secrets, defaults);
      var authorization = endpoint(config, "authorization_endpoint", registration.reach());
      var token = endpoint(config, "token_endpoint", registration.reach());
      var userinfo =
          Entry.part(config, "userinfo", part -> Userinfo.from(part, registration.reach()));
      var fields = Entry.part(config, "token_response_mapping", TokenFields::from);
      var identity = Entry.part(config, "identity_from_token", IdentityFromToken::from);
      var names = config.has("userinfo") || config.has("identity_from_token");
      var allow = Allow.from(settings, token, names);
      return settings.build(
          () ->
              new Config(
                  name, registration, authorization, token, userinfo, fields, identity, allow));
    }

    @Override
    public boolean mayBeSilent() {
      return false;
    }

    TokenFields fields() {
      return tokenFields.orElse(TokenFields.STANDARD);
    }

    private static URI endpoint(Settings settings, String field, Reach reach) {
      var url = settings.requiredUrl(field);
      if (!reach.admitsScheme(url)) {
        settings.refuse(field, "must be an https URL");
      }
      return url;
    }
  }
}
