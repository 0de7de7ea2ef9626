package dev.keyturn.upstream;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** The well-known providers at which anybody can make an account. */
final class MultiTenant {
  private static final Set<String> HOSTS =
      Set.of(
          "accounts.google.com",
          "oauth2.googleapis.com",
          "www.googleapis.com",
          "github.com",
          "gitlab.com",
          "slack.com",
          "appleid.apple.com",
          "www.linkedin.com",
          "login.salesforce.com",
          "discord.com",
          "graph.facebook.com",
          "api.x.com");
  private static final String ENTRA = "login.microsoftonline.com";

  /** The shared endpoints, and the one tenant that holds all personal accounts. */
  private static final Set<String> TENANTS =
      Set.of("common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad");

  private MultiTenant() {}

  /** Whether {@code provider}, an issuer or a token endpoint, is one of them. */
  static boolean isAt(URI provider) {
    var host = String.valueOf(provider.getHost()).toLowerCase(Locale.ROOT);
    var tenant = String.valueOf(provider.getPath()).replaceAll("^/+|/.*$", "");
    return HOSTS.contains(host)
        || (host.equals(ENTRA) && TENANTS.contains(tenant.toLowerCase(Locale.ROOT)));
  }
}
