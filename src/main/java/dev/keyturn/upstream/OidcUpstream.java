package dev.keyturn.upstream;

import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;

import dev.keyturn.config.Settings;
import dev.keyturn.oauth.Loopback;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.secrets.SecretReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID provider, found by discovery and believed by its ID tokens.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth">OpenID Connect
 *     Core, section 3.1</a>
 */
public final class OidcUpstream implements Provider {
  private final Config config;
  private final Vertx vertx;
  private final Refusals refusals;
  private final Discovery discovery;
  private final TokenRequests tokens;
  private final IdTokenIdentity people;
  private @Nullable AuthorizationRequests requests;

  OidcUpstream(Config config, Surroundings around, Consumer<UpstreamStatus> news) {
    var registration = config.registration;
    this.config = config;
    this.vertx = around.vertx();
    this.refusals = new Refusals(config.name);
    this.discovery = new Discovery(config, around, news);
    this.tokens =
        new TokenRequests(
            registration, TokenFields.STANDARD, around.http(), around.clock(), refusals);
    this.people = new IdTokenIdentity(config, around, refusals);
  }

  @Override
  public String name() {
    return config.name;
  }

  @Override
  public void start() {
    discovery.start();
  }

  @Override
  public void stop() {
    discovery.stop();
    if (requests != null) {
      requests.close();
    }
  }

  @Override
  public UpstreamStatus status() {
    return discovery.status();
  }

  @Override
  public Future<URI> begin(LoginRequest request) {
    return discovery.current().map(found -> requestsTo(found.authorization()).url(request));
  }

  @Override
  public Future<UpstreamLogin> finish(LoginAnswer answer) {
    var nonce = new NonceRule(Optional.of(answer.nonce()), config.nonceRequired);
    return discovery
        .current()
        .compose(
            found ->
                tokens
                    .redeem(found.token(), codeOf(answer, found), answer.verifier())
                    .compose(redeemed -> login(redeemed.tokens(), found, nonce)))
        .recover(cause -> Future.failedFuture(asLoginRefusal(cause)));
  }

  @Override
  public Future<UpstreamTokens> refresh(UpstreamTokens old, Identity of) {
    return discovery
        .current()
        .compose(
            found ->
                tokens
                    .refresh(found.token(), refreshToken(old), old.scopes())
                    .compose(redeemed -> people.same(redeemed.tokens(), found.jwks(), of)))
        .map(fresh -> fresh.orElse(old))
        .recover(cause -> Future.failedFuture(asRefreshRefusal(cause)));
  }

  /** RFC 9207: an answer of another provider must not be redeemed at this one. */
  private String codeOf(LoginAnswer answer, ProviderMetadata found) {
    if (!answer.iss().map(config.issuer::mayAnswer).orElse(!found.namesItself())) {
      throw refusals.of("callback", "wrong_iss");
    }
    return refusals.codeOf(answer);
  }

  private Future<UpstreamLogin> login(
      UpstreamTokens fresh, ProviderMetadata found, NonceRule nonce) {
    return people
        .of(fresh, found.jwks(), nonce)
        .map(identity -> new UpstreamLogin(identity, fresh));
  }

  private static String refreshToken(UpstreamTokens old) {
    return old.refreshToken().orElseThrow(() -> INVALID_GRANT.because(""));
  }

  private Throwable asLoginRefusal(Throwable cause) {
    return cause instanceof InvalidIdToken token ? refusals.of("id_token", token.check()) : cause;
  }

  private Throwable asRefreshRefusal(Throwable cause) {
    return cause instanceof InvalidIdToken token
        ? refusals.unusable("refresh", token.check())
        : cause;
  }

  private AuthorizationRequests requestsTo(URI endpoint) {
    if (requests == null || !requests.isTo(endpoint)) {
      if (requests != null) {
        requests.close();
      }
      requests = new AuthorizationRequests(vertx, config.registration, endpoint);
    }
    return requests;
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
      var defaults = new Registration.Defaults(redirectUri, issuer.scopes(), loopback);
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
  }
}
