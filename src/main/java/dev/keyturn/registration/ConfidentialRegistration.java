package dev.keyturn.registration;

import dev.keyturn.config.Settings;
import dev.keyturn.oauth.Loopback;
import dev.keyturn.oauth.RedirectUri;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether clients that register may have a secret, and which ones must.
 *
 * <p>A secret is worth something only on a server: all redirect URIs of such a client are https and
 * not on loopback. Some hosted clients say that they are public and still insist on a secret; those
 * are known by their redirect URIs.
 *
 * @param allowed whether a client that asks for a secret is given one
 * @param forced redirect URIs whose clients are given one although they did not ask
 */
public record ConfidentialRegistration(boolean allowed, Set<String> forced) {
  /** Nobody who registers has a secret. */
  public static final ConfidentialRegistration NONE = new ConfidentialRegistration(false, Set.of());

  private static final String ALLOWED = "allow_confidential_client_registration";
  private static final String FORCED = "force_confidential_redirect_uris";
  private static final String OVER_LOOPBACK = "insecure_allow_confidential_over_loopback_http";

  public ConfidentialRegistration {
    forced = Set.copyOf(forced);
  }

  /** Reads the fields of the whole configuration. */
  static ConfidentialRegistration from(Settings settings) {
    var allowed = settings.flag(ALLOWED, false);
    var overLoopback = settings.flag(OVER_LOOPBACK, false);
    var forced =
        settings.texts(
            FORCED,
            ConfidentialRegistration::isWeb,
            "must be an https URL that is not on loopback");
    if (allowed && settings.flag("insecure_allow_http", false)) {
      settings.refuse(
          ALLOWED,
          "must not be given together with insecure_allow_http: secrets would travel in the clear");
    } else if (allowed && !overLoopback && isHttp(settings)) {
      settings.refuse(ALLOWED, "needs an https issuer, or " + OVER_LOOPBACK + ": true on loopback");
    }
    if (!forced.isEmpty() && !allowed) {
      settings.refuse(FORCED, "needs " + ALLOWED + ": true");
    }
    return new ConfidentialRegistration(allowed, Set.copyOf(forced));
  }

  /** Whether a client with these redirect URIs is given a secret, whatever it says. */
  boolean forces(List<RedirectUri> uris) {
    return uris.stream().map(RedirectUri::value).anyMatch(forced::contains);
  }

  /** Whether a client that is received there can keep a secret. */
  static boolean isWeb(String uri) {
    return RedirectUri.complaintAbout(uri, Set.of()).isEmpty()
        && uri.regionMatches(true, 0, "https:", 0, "https:".length())
        && !Loopback.isLoopback(hostOf(uri));
  }

  /** Without the dot that may stand behind a whole name. */
  private static String hostOf(String uri) {
    return URI.create(uri).getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
  }

  private static boolean isHttp(Settings settings) {
    return settings.text("issuer", "").startsWith("http:");
  }
}
