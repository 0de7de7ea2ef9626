package dev.keyturn.server;

import dev.keyturn.authorize.AuthorizeEndpoints;
import dev.keyturn.authorize.OwnBrowser;
import dev.keyturn.client.AuthenticationGuard;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.client.Clients;
import dev.keyturn.client.RegisteredClients;
import dev.keyturn.discovery.MetadataEndpoint;
import dev.keyturn.gateway.Backends;
import dev.keyturn.gateway.Gateway;
import dev.keyturn.gateway.ProtectedResource;
import dev.keyturn.gateway.ProtectedResourceEndpoint;
import dev.keyturn.gateway.SessionUpstreamTokens;
import dev.keyturn.gateway.Transport;
import dev.keyturn.grant.AuthorizationCodeGrant;
import dev.keyturn.grant.Grant;
import dev.keyturn.grant.RefreshTokenGrant;
import dev.keyturn.grant.TokenEndpoint;
import dev.keyturn.grant.UpstreamStanding;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Limit;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Routes;
import dev.keyturn.introspection.IntrospectionEndpoint;
import dev.keyturn.keys.JwksEndpoint;
import dev.keyturn.logout.BackchannelLogoutEndpoint;
import dev.keyturn.logout.Endings;
import dev.keyturn.logout.LogoutEndpoint;
import dev.keyturn.logout.LogoutPages;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.registration.RegistrationAccess;
import dev.keyturn.registration.RegistrationEndpoint;
import dev.keyturn.registration.RegistrationManagementEndpoint;
import dev.keyturn.registration.RegistrationQuota;
import dev.keyturn.revocation.RevocationEndpoint;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.IdTokenHints;
import dev.keyturn.token.JwtIssuer;
import dev.keyturn.token.OpaqueTokens;
import dev.keyturn.token.Revocations;
import dev.keyturn.token.SessionTokens;
import dev.keyturn.token.Sessions;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.user.LoginPointers;
import dev.keyturn.user.Users;
import dev.keyturn.userinfo.UserinfoEndpoint;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything that a server offers by one configuration, in one place: to add a grant or an endpoint
 * is one line here.
 *
 * <p>All of it is immutable or thread-safe and shared by the event loops. What remembers is not
 * made here but in {@link Lasting}.
 */
final class Wiring {
  private final InForce inForce;
  private final RunConfig config;
  private final Lasting lasting;
  private final Means means;
  private final Sessions sessions;
  private final List<Endpoint> endpoints;
  private final Backends backends;
  private final SessionUpstreamTokens upstreamTokens;

  Wiring(InForce inForce, Lasting lasting) {
    this.inForce = inForce;
    this.config = inForce.config();
    this.lasting = lasting;
    this.means = lasting.means();
    this.sessions =
        new Sessions(
            means.store(),
            lasting.denials(),
            config.granting().lifespans(),
            means.clock(),
            lasting.aftermath());
    this.upstreamTokens =
        new SessionUpstreamTokens(sessions, lasting.vault(), lasting.accounts(), lasting.audit());
    var programs = authorizationEndpoints();
    this.backends = backends(programs);
    programs.add(new ProtectedResourceEndpoint(config.issuer(), resources()));
    var limits = new RouteLimits(config.issuer(), config.browser(), lasting.limits());
    this.endpoints = programs.stream().map(limits::on).toList();
    Routes.requireApart(endpoints);
  }

  /** What it was made from. */
  InForce inForce() {
    return inForce;
  }

  /** The sessions, as long as they are kept by this configuration. */
  Sessions sessions() {
    return sessions;
  }

  /** Every endpoint. */
  List<Endpoint> endpoints() {
    return endpoints;
  }

  /**
   * The router of one event loop.
   *
   * @param host where the socket is bound
   * @param transport that loop's connections to the backends
   */
  Router router(Vertx loop, String host, Transport transport) {
    var router = Router.router(loop);
    Fallbacks.mount(router);
    router.route().handler(new HostGuard(host, knownHosts()));
    router.route().handler(config.door().proxies());
    new Routes(new Refusals(lasting.pages()), means.random()).mount(router, endpoints);
    new Gateway(backends, lasting.verifier(), upstreamTokens, transport).mount(router);
    return router;
  }

  /** What tokens open: the backends, and what an embedder guards by itself. */
  List<ProtectedResource> resources() {
    return Stream.concat(backends.asResources().stream(), lasting.additions().resources().stream())
        .toList();
  }

  /** The backends, none of which lies where an endpoint answers. */
  private Backends backends(List<Endpoint> endpoints) {
    var paths =
        endpoints.stream()
            .flatMap(endpoint -> endpoint.routes().stream())
            .flatMap(route -> route.paths().stream());
    return new Backends(
        config.backends(), Stream.concat(paths, Stream.of(EndpointPaths.RESOURCES)).toList());
  }

  private List<Endpoint> authorizationEndpoints() {
    var registered = lasting.registered(config);
    var authentication = lasting.authentication(config);
    var codes =
        new AuthorizationCodes(
            means.store(),
            OpaqueTokens.codes(inForce.keys().hmac(), means.random()),
            config.granting().lifespans().code());
    var endpoints = new ArrayList<Endpoint>();
    endpoints.addAll(authorize(authentication, codes));
    endpoints.add(
        new TokenEndpoint(
            config.issuer(),
            authentication.watchedBy(guard(Limit.TOKEN_PER_CLIENT)),
            grants(codes)));
    endpoints.addAll(ofTokens(authentication.watchedBy(guard(Limit.TOKEN_PER_CLIENT))));
    endpoints.addAll(logout(authentication.clients()));
    endpoints.addAll(registration(registered));
    endpoints.add(new UserinfoEndpoint(config.issuer(), lasting.guard(), sessions));
    endpoints.add(
        new JwksEndpoint(config.issuer(), inForce.keys()::signing, config.secrets().jwksMaxAge()));
    endpoints.addAll(lasting.additions().endpoints());
    endpoints.add(new MetadataEndpoint(config.issuer(), List.copyOf(endpoints), more()));
    endpoints.add(lasting.pages().assets());
    return endpoints;
  }

  private List<Endpoint> authorize(ClientAuthentication clients, AuthorizationCodes codes) {
    return new AuthorizeEndpoints(
            config.issuer(),
            config.browser(),
            config.granting().offer(),
            new AuthorizeEndpoints.Terms(
                config.granting().consent(), config.granting().lifespans().session()),
            new UpstreamWays(config, lasting::upstream).all())
        .with(
            new AuthorizeEndpoints.Means(
                lasting.pages(),
                clients.watchedBy(guard(Limit.PAR_PER_CLIENT)),
                means.store(),
                codes,
                hints(),
                sessions,
                lasting.vault(),
                inForce.keys().cookies().orElse(inForce.keys().hmac()),
                lasting.audit(),
                means.random(),
                means.clock()));
  }

  /** What clients do with tokens that they have, besides using them. */
  private List<Endpoint> ofTokens(ClientAuthentication clients) {
    var known = config.granting().clients();
    var introspection =
        new IntrospectionEndpoint(
            config.issuer(), clients, known.provingMethods(), lasting.exactVerifier());
    var revocation = new RevocationEndpoint(config.issuer(), clients, revocations());
    return known.provingMethods().isEmpty()
        ? List.of(revocation)
        : List.of(revocation, introspection);
  }

  private List<Endpoint> logout(Clients clients) {
    var endings = new Endings(new Users(means.store(), means.clock()), sessions, lasting.audit());
    var pointers = new LoginPointers(means.store(), () -> config.granting().lifespans().session());
    var browser =
        new LogoutBrowser(
            new OwnBrowser(
                "logout",
                config.issuer(),
                config.browser(),
                lasting.pages(),
                new OwnBrowser.Means(
                    inForce.keys().cookies().orElse(inForce.keys().hmac()),
                    lasting.audit(),
                    means.random(),
                    means.clock())));
    return List.of(
        new LogoutEndpoint(
            config.browser(),
            clients,
            hints(),
            endings,
            browser,
            new LogoutPages(lasting.pages(), browser)),
        new BackchannelLogoutEndpoint(
            config.issuer(), upstreams(), endings, pointers, means.store()));
  }

  private List<Upstream> upstreams() {
    return config.upstreams().stream().<Upstream>map(one -> lasting.upstream(one.name())).toList();
  }

  private IdTokenHints hints() {
    return new IdTokenHints(
        config.issuer(),
        lasting.signatures(),
        config.granting().lifespans().session(),
        means.clock());
  }

  /** By which tokens become worthless before their time. */
  Revocations revocations() {
    return new Revocations(
        OpaqueTokens.refreshTokens(inForce.keys().hmac(), means.random()),
        lasting.verifier(),
        sessions,
        lasting.denials(),
        lasting.audit());
  }

  private AuthenticationGuard guard(Limit successes) {
    return new AuthenticationGuard(
        lasting.limits().of(Limit.FAILED_AUTHENTICATIONS),
        lasting.limits().of(successes),
        lasting.audit());
  }

  private List<Grant> grants(AuthorizationCodes codes) {
    var lifespans = config.granting().lifespans();
    var jwts =
        new JwtIssuer(
            config.issuer(), lasting.signatures(), lifespans, means.random(), means.clock());
    var tokens =
        new SessionTokens(
            sessions,
            OpaqueTokens.refreshTokens(inForce.keys().hmac(), means.random()),
            jwts,
            lifespans,
            means.random(),
            means.clock(),
            lasting.audit());
    var grants = new ArrayList<Grant>();
    grants.add(new AuthorizationCodeGrant(codes, tokens, sessions, lasting.audit()));
    grants.add(
        new RefreshTokenGrant(
            tokens,
            new UpstreamStanding(
                config.upstream().name(),
                config.granting().recheck(),
                lasting.vault(),
                sessions,
                lasting.audit())));
    lasting.additions().grants().forEach(more -> grants.add(more.apply(tokens)));
    return List.copyOf(grants);
  }

  private List<Endpoint> registration(RegisteredClients registered) {
    var settings = config.registration();
    if (!settings.enabled()) {
      return List.of();
    }
    var access = new RegistrationAccess(config.issuer(), inForce.keys().hmac(), means.random());
    var quota = new RegistrationQuota(means.store(), settings);
    return List.of(
        new RegistrationEndpoint(settings, registered, quota, access, lasting.audit()),
        new RegistrationManagementEndpoint(settings, registered, access));
  }

  /** What no endpoint can say of itself. */
  private Map<String, Object> more() {
    var scopes = config.granting().offer().scopes().plus(Scopes.parse(Scopes.OFFLINE_ACCESS));
    var more = new HashMap<String, Object>();
    more.put("backchannel_logout_supported", true);
    more.put("backchannel_logout_session_supported", true);
    more.put("scopes_supported", List.copyOf(scopes.names()));
    more.put("id_token_signing_alg_values_supported", inForce.keys().signing().algorithms());
    if (config.granting().documents().enabled()) {
      more.put("client_id_metadata_document_supported", true);
    }
    return more;
  }

  private List<String> knownHosts() {
    var origins = Stream.of(config.issuer().uri(), config.browser().uri());
    var resources =
        config.granting().offer().audiences().stream()
            .map(resource -> URI.create(resource.value()));
    return Stream.concat(origins, resources).map(URI::getHost).toList();
  }
}
