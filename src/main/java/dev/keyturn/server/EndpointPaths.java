package dev.keyturn.server;

import dev.keyturn.oauth.Issuer;
import java.util.List;
import java.util.stream.Stream;

/**
 * The request paths of every endpoint, known from the issuer alone.
 *
 * <p>A backend that claims one of them is found while the configuration is read, before there is
 * any endpoint.
 */
final class EndpointPaths {
  /** Below it are the documents of the resources that the gateway protects. */
  static final String RESOURCES = "/.well-known/oauth-protected-resource";

  private EndpointPaths() {}

  /**
   * All of them; {@code :name} stands for one segment.
   *
   * @param browser where browsers find us
   */
  static List<String> of(Issuer issuer, Issuer browser) {
    var programs =
        Stream.of(
                "/oauth/token",
                "/oauth/par",
                "/oauth/register",
                "/oauth/register/:client_id",
                "/oauth/revoke",
                "/oauth/introspect",
                "/oauth/backchannel-logout",
                "/oauth/userinfo",
                "/.well-known/jwks.json")
            .map(issuer::route);
    var people =
        Stream.of(
                "/oauth/authorize",
                "/oauth/consent",
                "/oauth/callback",
                "/oauth/callback/:upstream",
                "/oauth/choose",
                "/oauth/link/:upstream",
                "/oauth/account",
                "/oauth/logout",
                "/oauth/assets/:name")
            .map(browser::route);
    var documents =
        Stream.of("oauth-authorization-server", "openid-configuration")
            .flatMap(name -> issuer.wellKnown(name).stream());
    return Stream.of(programs, people, documents, Stream.of(RESOURCES))
        .flatMap(paths -> paths)
        .toList();
  }
}
