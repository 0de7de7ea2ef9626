package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.secrets.SecretReader;
import io.vertx.core.Future;
import java.net.URI;
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
  private final Surroundings around;
  private final ClientSecrets secrets;
  private final Membership membership;
  private Config configured;
  private OAuth2Terms terms;

  /**
   * @param news is run when the status has changed
   */
  OAuth2Upstream(Config config, ClientSecrets secrets, Surroundings around, Runnable news) {
    this.around = around;
    this.secrets = secrets;
    this.configured = config;
    this.terms = new OAuth2Terms(config, secrets, around);
    this.membership =
        Membership.of(
            config,
            Offering.of(config.registration, around.http()),
            around,
            new Membership.Heard(this::become, news));
    secrets.heed(membership);
  }

  @Override
  public String name() {
    return terms.config().name;
  }

  /** Everything but who we are is configured. */
  @Override
  public void start() {
    membership.start();
  }

  @Override
  public void stop() {
    membership.stop();
    terms.close();
  }

  @Override
  public UpstreamStatus status() {
    return membership.over(new UpstreamStatus(name(), true, Optional.empty()));
  }

  @Override
  public String issuedBy() {
    return terms.config().issuedBy();
  }

  @Override
  public ClientSecrets secrets() {
    return secrets;
  }

  @Override
  public boolean adopt(UpstreamConfig next) {
    if (!(next instanceof Config config) || !configured.isAt(config)) {
      return false;
    }
    if (!config.equals(configured)) {
      configured = config;
      membership.follow(config);
      if (config.registration.self().isEmpty()) {
        secrets.change(config.registration.client());
      }
      renew(secrets.current());
    }
    return true;
  }

  private void become(KnownClients clients) {
    secrets.change(clients);
    renew(clients.current());
  }

  private void renew(Credentials client) {
    terms.close();
    terms = new OAuth2Terms(configured.as(client), secrets, around);
  }

  @Override
  public Future<LoginBegun> begin(LoginRequest request) {
    return membership.requireClient().map(ready -> terms.begin(request));
  }

  @Override
  public Future<UpstreamLogin> finish(LoginAnswer answer) {
    return membership
        .learn(() -> secrets.canProve(answer.terms().clientId()))
        .compose(learned -> terms.finish(answer));
  }

  @Override
  public Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
    return secrets.redeemAs(generation, client -> terms.redeem(old, of, client));
  }

  /** Nothing in a refreshed token tells whose it is. */
  @Override
  public Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
    return Future.succeededFuture(fresh);
  }

  @Override
  public Future<RevocationAnswer> revoke(UpstreamTokens unused, String generation) {
    return secrets.revokeAs(generation, client -> terms.revoke(unused, client));
  }

  /** Where the provider is and who we are to it. */
  public record Config(
      String name,
      Registration registration,
      URI authorizationEndpoint,
      URI tokenEndpoint,
      Optional<URI> revocationEndpoint,
      Optional<Userinfo> userinfo,
      Optional<TokenFields> tokenFields,
      Optional<IdentityFromToken> identityFromToken,
      Allow allow)
      implements UpstreamConfig {
    /** What names somebody of whom nothing is known: a hash of the access token. */
    static final String SYNTHETIC = "access_token";

    /** Reads an entry of {@code upstreams} whose type is {@code oauth2}. */
    public static Optional<Config> from(
        Settings settings, SecretReader secrets, String redirectUri) {
      var entry = new Entry(settings, "oauth2");
      var name = entry.name();
      var config = entry.config();
      var token = config.requiredUrl("token_endpoint");
      var defaults =
          new Registration.Defaults(
              redirectUri,
              List.of(),
              true,
              Optional.empty(),
              entry.rotates(),
              ProofRules.usual(token.toString()));
      var registration = Registration.from(config, secrets, defaults);
      requireReachable(config, "token_endpoint", token, registration.reach());
      var authorization = config.requiredUrl("authorization_endpoint");
      requireReachable(config, "authorization_endpoint", authorization, registration.reach());
      var revocation = config.url("revocation_endpoint");
      revocation.ifPresent(
          url -> requireReachable(config, "revocation_endpoint", url, registration.reach()));
      var userinfo =
          Entry.part(config, "userinfo", part -> Userinfo.from(part, registration.reach()));
      var fields = Entry.part(config, "token_response_mapping", TokenFields::from);
      var identity = Entry.part(config, "identity_from_token", IdentityFromToken::from);
      var names = config.has("userinfo") || config.has("identity_from_token");
      var allow = Allow.from(settings, token, names);
      return settings.build(
          () ->
              new Config(
                  name,
                  registration,
                  authorization,
                  token,
                  revocation,
                  userinfo,
                  fields,
                  identity,
                  allow));
    }

    @Override
    public boolean mayBeSilent() {
      return false;
    }

    @Override
    public String issuedBy() {
      return tokenEndpoint.toString();
    }

    @Override
    public boolean isAt(UpstreamConfig other) {
      return other instanceof Config same
          && authorizationEndpoint.equals(same.authorizationEndpoint)
          && tokenEndpoint.equals(same.tokenEndpoint)
          && registration.isEnrolledLike(same.registration)
          && registration.passage().equals(same.registration.passage());
    }

    @Override
    public Config as(Credentials client) {
      return new Config(
          name,
          registration.as(client),
          authorizationEndpoint,
          tokenEndpoint,
          revocationEndpoint,
          userinfo,
          tokenFields,
          identityFromToken,
          allow);
    }

    /** The fields and claims by which people can be named. */
    List<String> namingClaims() {
      return identityFromToken
          .map(rule -> List.of(rule.subject().spelling()))
          .or(() -> userinfo.map(Userinfo::subjectFields))
          .orElse(List.of(SYNTHETIC));
    }

    TokenFields fields() {
      return tokenFields.orElse(TokenFields.STANDARD);
    }

    private static void requireReachable(Settings settings, String field, URI url, Reach reach) {
      if (!reach.admitsScheme(url)) {
        settings.refuse(field, "must be an https URL");
      }
    }
  }
}
