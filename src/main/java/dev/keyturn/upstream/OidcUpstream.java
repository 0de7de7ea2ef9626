package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import dev.keyturn.oauth.Loopback;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.secrets.SecretReader;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An OpenID provider, found by discovery and believed by its ID tokens.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth">OpenID Connect
 *     Core, section 3.1</a>
 */
public final class OidcUpstream implements Provider {
  private final Surroundings around;
  private final ClientSecrets secrets;
  private final ProviderKeys keys;
  private final Discovery discovery;
  private final Membership membership;
  private Config configured;
  private OidcTerms terms;

  /**
   * @param news is run when the status has changed
   */
  OidcUpstream(Config config, ClientSecrets secrets, Surroundings around, Runnable news) {
    this.around = around;
    this.secrets = secrets;
    this.keys = new ProviderKeys(around.http(), around.clock());
    this.discovery = new Discovery(config, around, () -> found(news));
    this.configured = config;
    this.terms = new OidcTerms(config, keys, secrets, around);
    this.membership =
        Membership.of(
            config,
            Offering.of(config.registration, discovery::current),
            around,
            new Membership.Heard(this::become, news));
    secrets.heed(membership);
  }

  @Override
  public String name() {
    return terms.config().name();
  }

  @Override
  public void start() {
    discovery.start();
    membership.start();
  }

  @Override
  public void stop() {
    discovery.stop();
    membership.stop();
    terms.close();
  }

  @Override
  public UpstreamStatus status() {
    return membership.over(discovery.status());
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

  /** Where we register is in the document. */
  private void found(Runnable news) {
    if (discovery.status().ready()) {
      membership.wake();
    }
    news.run();
  }

  private void become(KnownClients clients) {
    secrets.change(clients);
    renew(clients.current());
  }

  private void renew(Credentials client) {
    terms.close();
    terms = new OidcTerms(configured.as(client), keys, secrets, around);
  }

  @Override
  public Future<LoginBegun> begin(LoginRequest request) {
    return discovery
        .current()
        .compose(found -> membership.requireClient().map(ready -> terms.begin(found, request)));
  }

  @Override
  public Future<UpstreamLogin> finish(LoginAnswer answer) {
    return membership
        .learn(() -> secrets.canProve(answer.terms().clientId()))
        .compose(learned -> discovery.current())
        .compose(found -> terms.finish(found, answer));
  }

  @Override
  public Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
    return discovery
        .current()
        .compose(
            found -> secrets.redeemAs(generation, client -> terms.redeem(found, old, of, client)));
  }

  @Override
  public Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
    return discovery
        .current()
        .compose(
            found ->
                terms.validate(
                    found, fresh, of, secrets.clientOf(generation).orElse(secrets.clientId())));
  }

  @Override
  public Future<LogoutNotice> loggedOut(String token) {
    return terms.loggedOut(discovery::current, token);
  }

  @Override
  public Future<RevocationAnswer> revoke(UpstreamTokens unused, String generation) {
    return discovery
        .current()
        .compose(
            found -> secrets.revokeAs(generation, client -> terms.revoke(found, unused, client)));
  }

  /** Where the provider is and who we are to it. */
  public record Config(
      String name,
      Registration registration,
      ExpectedIssuer issuer,
      String subjectClaim,
      boolean nonceRequired,
      Optional<Userinfo> userinfo,
      Allow allow)
      implements UpstreamConfig {
    /** Reads an entry of {@code upstreams} whose type is {@code oidc}. */
    public static Optional<Config> from(
        Settings settings, SecretReader secrets, String redirectUri) {
      var entry = new Entry(settings, "oidc");
      var name = entry.name();
      var config = entry.config();
      var url = config.requiredUrl("issuer_url");
      var issuer = new ExpectedIssuer(url.toString());
      var loopback = Loopback.isLoopback(url.getHost().toLowerCase(Locale.ROOT));
      var defaults =
          new Registration.Defaults(
              redirectUri,
              issuer.scopes(),
              loopback,
              Optional.of(url),
              entry.rotates(),
              issuer.proofs());
      var registration = Registration.from(config, secrets, defaults);
      if (!registration.reach().admitsScheme(url) || url.getRawQuery() != null) {
        config.refuse("issuer_url", "must be an https URL without a query");
      }
      if (!registration.scopes().contains(Scopes.OPENID)) {
        config.refuse("scopes", "must contain openid");
      }
      var subject = config.text("subject_claim", issuer.subjectClaim());
      if (!subject.matches("[A-Za-z_][A-Za-z0-9_]{0,63}")) {
        config.refuse("subject_claim", "must be a name of letters, digits and underscores");
      }
      var nonce = config.word("nonce", "required", Set.of("required", "optional"));
      var userinfo =
          Entry.part(
              config, "userinfo_override", part -> Userinfo.from(part, registration.reach()));
      var allow = Allow.from(settings, url, true);
      return settings.build(
          () ->
              new Config(
                  name, registration, issuer, subject, nonce.equals("required"), userinfo, allow));
    }

    @Override
    public boolean mayBeSilent() {
      return true;
    }

    @Override
    public String issuedBy() {
      return issuer.value();
    }

    @Override
    public boolean isAt(UpstreamConfig other) {
      return other instanceof Config same
          && issuer.equals(same.issuer)
          && registration.isEnrolledLike(same.registration)
          && registration.passage().equals(same.registration.passage());
    }

    @Override
    public Config as(Credentials client) {
      return new Config(
          name, registration.as(client), issuer, subjectClaim, nonceRequired, userinfo, allow);
    }
  }
}
