package dev.keyturn.server;

import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Limit;
import dev.keyturn.http.RateLimits;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which limit holds at which path, in one place. */
final class RouteLimits {
  private static final Map<String, Limit> FOR_PROGRAMS =
      Map.of(
          "/oauth/backchannel-logout", Limit.TOKEN_PER_ADDRESS,
          "/oauth/introspect", Limit.TOKEN_PER_ADDRESS,
          "/oauth/par", Limit.PAR_PER_ADDRESS,
          "/oauth/register", Limit.REGISTER_PER_ADDRESS,
          "/oauth/register/:client_id", Limit.REGISTER_PER_ADDRESS,
          "/oauth/revoke", Limit.TOKEN_PER_ADDRESS,
          "/oauth/token", Limit.TOKEN_PER_ADDRESS);
  private static final Map<String, Limit> FOR_PEOPLE =
      Map.of(
          "/oauth/account", Limit.CONSENT_PER_ADDRESS,
          "/oauth/authorize", Limit.AUTHORIZE_PER_ADDRESS,
          "/oauth/callback", Limit.CALLBACK_PER_ADDRESS,
          "/oauth/callback/:upstream", Limit.CALLBACK_PER_ADDRESS,
          "/oauth/choose", Limit.CONSENT_PER_ADDRESS,
          "/oauth/link/:upstream", Limit.CONSENT_PER_ADDRESS,
          "/oauth/consent", Limit.CONSENT_PER_ADDRESS,
          "/oauth/logout", Limit.CONSENT_PER_ADDRESS);

  private final Map<String, Limit> byPath;
  private final RateLimits limits;

  /**
   * @param browser where browsers find us
   */
  RouteLimits(Issuer issuer, Issuer browser, RateLimits limits) {
    this.limits = limits;
    this.byPath =
        FOR_PROGRAMS.entrySet().stream()
            .collect(
                Collectors.toMap(
                    e -> issuer.route(e.getKey()), Map.Entry::getValue, (a, b) -> a, HashMap::new));
    FOR_PEOPLE.forEach((path, limit) -> byPath.put(browser.route(path), limit));
  }

  /** The same endpoint, with its limits. */
  Endpoint on(Endpoint endpoint) {
    return new Limited(endpoint, endpoint.routes().stream().map(this::limited).toList());
  }

  private Route limited(Route route) {
    return route.paths().stream()
        .flatMap(path -> Optional.ofNullable(byPath.get(path)).stream())
        .findFirst()
        .map(limit -> route.throttledBy(limits.of(limit)))
        .orElse(route);
  }

  private record Limited(Endpoint endpoint, List<Route> routes) implements Endpoint {
    @Override
    public Map<String, Object> metadata() {
      return endpoint.metadata();
    }
  }
}
