package dev.keyturn.client;

import dev.keyturn.oauth.Loopback;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Uris;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where a client's people are led after a logout, and where the client itself is told of one.
 *
 * @param afterwards its {@code post_logout_redirect_uris}; they match exactly or not at all
 * @param backchannel its {@code backchannel_logout_uri}
 * @see <a href="https://openid.net/specs/openid-connect-rpinitiated-1_0.html#ClientMetadata">OpenID
 *     Connect RP-Initiated Logout, section 3.1</a>
 * @see <a href="https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRegistration">OpenID
 *     Connect Back-Channel Logout, section 2.2</a>
 */
public record LogoutUris(List<String> afterwards, Optional<URI> backchannel) {
  /** The name of the first in registrations and in the configuration. */
  public static final String AFTERWARDS = "post_logout_redirect_uris";

  /** The name of the second. */
  public static final String BACKCHANNEL = "backchannel_logout_uri";

  /** The most of the first. */
  public static final int MAX = 10;

  /** Those of a client that says nothing of logouts. */
  public static final LogoutUris NONE = new LogoutUris(List.of(), Optional.empty());

  private static final int MAX_LENGTH = 2048;

  public LogoutUris {
    afterwards = List.copyOf(afterwards);
  }

  /** Whether people may be led to {@code uri}. */
  public boolean leadsTo(String uri) {
    return afterwards.contains(uri);
  }

  /** What is wrong with {@code uri} as a place to lead people to; empty if nothing is. */
  public static String complaintAboutAfterwards(String uri, Set<String> schemes) {
    return RedirectUri.complaintAbout(uri, schemes);
  }

  /**
   * What is wrong with {@code uri} as a place to tell the client; empty if nothing is.
   *
   * @param loopback whether the operator vouches for it, so that it may be this very machine
   */
  public static String complaintAboutBackchannel(String uri, boolean loopback) {
    return Uris.parse(uri)
            .filter(url -> url.getHost() != null && url.getRawFragment() == null)
            .filter(url -> url.getRawUserInfo() == null && uri.length() <= MAX_LENGTH)
            .filter(url -> isReachable(url, loopback))
            .isPresent()
        ? ""
        : "must be an https URL without a fragment or user information";
  }

  private static boolean isReachable(URI url, boolean loopback) {
    var local = Loopback.isLoopback(url.getHost().toLowerCase(Locale.ROOT));
    return local ? loopback && isHttp(url) : "https".equalsIgnoreCase(url.getScheme());
  }

  private static boolean isHttp(URI url) {
    return List.of("http", "https").contains(String.valueOf(url.getScheme()));
  }
}
