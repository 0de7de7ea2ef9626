package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.authorize.AuthorizeEndpoints;
import dev.keyturn.client.AllClients;
import dev.keyturn.client.Clients;
import dev.keyturn.client.RegisteredClients;
import dev.keyturn.discovery.MetadataEndpoint;
import dev.keyturn.gateway.Backends;
import dev.keyturn.gateway.Gateway;
import dev.keyturn.gateway.ProtectedResourceEndpoint;
import dev.keyturn.gateway.SessionUpstreamTokens;
import dev.keyturn.gateway.Transport;
import dev.keyturn.grant.AuthorizationCodeGrant;
import dev.keyturn.grant.Grant;
import dev.keyturn.grant.RefreshTokenGrant;
import dev.keyturn.grant.TokenEndpoint;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Routes;
import dev.keyturn.keys.JwksEndpoint;
import dev.keyturn.keys.Signatures;
import dev.keyturn.registration.RegistrationAccess;
import dev.keyturn.registration.RegistrationEndpoint;
import dev.keyturn.registration.RegistrationManagementEndpoint;
import dev.keyturn.registration.RegistrationQuota;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.Denials;
import dev.keyturn.token.JwtIssuer;
import dev.keyturn.token.JwtVerifier;
import dev.keyturn.token.OpaqueTokens;
import dev.keyturn.token.SessionTokens;
import dev.keyturn.token.Sessions;
import dev.keyturn.token.TokenVerifier;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.userinfo.UserinfoEndpoint;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultEntries;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything that a server offers, in one place: to add a grant or an endpoint is one line here.
 *
 * <p>All of it is immutable or thread-safe and shared by the event loops.
 */
final class Wiring {
  private final RunConfig config;
  private final Means means;
  private final Audit audit;
  private final Upstream upstream;
  private final Signatures signatures;
  private final Denials denials;
  private final Sessions sessions;
  private final Vault vault;
  private final Pages pages;
  private final JwtGuard guard;

  Wiring(Vertx vertx, RunConfig config, Means means, Audit audit, Upstream upstream) {
    var lifespans = config.granting().lifespans();
    this.config = config;
    this.means = means;
    this.audit = audit;
    this.upstream = upstream;
    this.signatures = new Signatures(vertx, () -> config.secrets().signing(), means.crypto());
    this.denials = new Denials(means.store(), lifespans.accessToken(), means.clock());
    this.sessions = new Sessions(means.store(), denials, lifespans, means.clock());
    this.vault =
        new Vault(
            new VaultEntries(means.store(), config.secrets().vault(), lifespans.session()),
            Map.of(upstream.name(), upstream),
            means.clock());
    this.pages = Pages.create(vertx, config.browser());
    this.guard = new JwtGuard(vertx, () -> config.secrets().signing(), config.issuer(), verifier());
  }

  Signatures signatures() {
    return signatures;
  }

  TokenVerifier verifier() {
    return new JwtVerifier(config.issuer(), signatures, denials, means.clock());
  }

  /** The router of one event loop. */
  Router router(Vertx loop, List<Endpoint> endpoints, Backends backends) {
    var router = Router.router(loop);
    Fallbacks.mount(router);
    router.route().handler(new HostGuard(config.listen().host(), knownHosts()));
    new Routes(new Refusals(pages), means.random()).mount(router, endpoints);
    new Gateway(
            backends,
            verifier(),
            new SessionUpstreamTokens(sessions, vault),
            Transport.open(loop, Transport.DEFAULT_MAX_BODY))
        .mount(router);
    return router;
  }

  /** The backends, none of which lies where an endpoint answers. */
  Backends backends(List<Endpoint> endpoints) {
    var paths =
        endpoints.stream()
            .flatMap(endpoint -> endpoint.routes().stream())
            .flatMap(route -> route.paths().stream());
    return new Backends(
        config.backends(), Stream.concat(paths, Stream.of(EndpointPaths.RESOURCES)).toList());
  }

  /** Every endpoint of the authorization server. */
  List<Endpoint> endpoints() {
    var registered =
        new RegisteredClients(
            means.store(),
            means.clock(),
            config.registration().unusedTtl(),
            config.registration().scopes());
    var clients =
        new AllClients(
            config.registration().enabled()
                ? List.of(config.granting().clients(), registered)
                : List.of(config.granting().clients()));
    var codes =
        new AuthorizationCodes(
            means.store(),
            OpaqueTokens.codes(config.secrets().hmac(), means.random()),
            config.granting().lifespans().code());
    var endpoints = new ArrayList<Endpoint>();
    endpoints.addAll(authorize(clients, codes));
    endpoints.add(new TokenEndpoint(config.issuer(), clients, grants(codes)));
    endpoints.addAll(registration(registered));
    endpoints.add(new UserinfoEndpoint(config.issuer(), guard, sessions));
    endpoints.add(
        new JwksEndpoint(
            config.issuer(), () -> config.secrets().signing(), config.secrets().jwksMaxAge()));
    endpoints.add(new MetadataEndpoint(config.issuer(), List.copyOf(endpoints), more()));
    endpoints.add(pages.assets());
    return endpoints;
  }

  /** The protected resource metadata, which needs to know the backends. */
  Endpoint protectedResources(Backends backends) {
    return new ProtectedResourceEndpoint(config.issuer(), backends);
  }

  private List<Endpoint> authorize(Clients clients, AuthorizationCodes codes) {
    return new AuthorizeEndpoints(
            config.issuer(),
            config.browser(),
            config.granting().offer(),
            upstream,
            config.upstream().mayBeSilent(),
            "form_post".equals(config.upstream().registration().parameters().get("response_mode")))
        .with(
            new AuthorizeEndpoints.Means(
                pages,
                clients,
                means.store(),
                codes,
                vault,
                config.secrets().hmac(),
                audit,
                means.random(),
                means.clock()));
  }

  private List<Grant> grants(AuthorizationCodes codes) {
    var lifespans = config.granting().lifespans();
    var jwts = new JwtIssuer(config.issuer(), signatures, lifespans, means.random(), means.clock());
    var tokens =
        new SessionTokens(
            sessions,
            OpaqueTokens.refreshTokens(config.secrets().hmac(), means.random()),
            jwts,
            lifespans,
            means.random(),
            means.clock(),
            audit);
    return List.of(
        new AuthorizationCodeGrant(codes, tokens, sessions, audit), new RefreshTokenGrant(tokens));
  }

  private List<Endpoint> registration(RegisteredClients registered) {
    var settings = config.registration();
    if (!settings.enabled()) {
      return List.of();
    }
    var access = new RegistrationAccess(config.issuer(), config.secrets().hmac());
    var quota = new RegistrationQuota(means.store(), settings);
    return List.of(
        new RegistrationEndpoint(settings, registered, quota, access),
        new RegistrationManagementEndpoint(registered, access));
  }

  /** What no endpoint can say of itself. */
  private Map<String, Object> more() {
    return Map.of(
        "scopes_supported",
        config
            .granting()
            .offer()
            .scopes()
            .plus(dev.keyturn.oauth.Scopes.parse("offline_access"))
            .names()
            .stream()
            .toList(),
        "id_token_signing_alg_values_supported",
        config.secrets().signing().algorithms());
  }

  private List<String> knownHosts() {
    var origins = Stream.of(config.issuer().uri(), config.browser().uri());
    var resources =
        config.granting().offer().audiences().stream()
            .map(resource -> URI.create(resource.value()));
    return Stream.concat(origins, resources).map(URI::getHost).toList();
  }
}
