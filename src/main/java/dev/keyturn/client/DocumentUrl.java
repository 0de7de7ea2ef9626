package dev.keyturn.client;

import dev.keyturn.oauth.Uris;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The spelling of a {@code client_id} that is the URL of the client's metadata document.
 *
 * <p>Two spellings of one URL would be two clients to us and one to a person who reads it, so there
 * is one: lower case up to the path, no default port, no dot segments in any disguise.
 *
 * @see <a
 *     href="https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-3">Client
 *     ID Metadata Document, section 3</a>
 */
final class DocumentUrl {
  private static final int MAX_LENGTH = 512;
  private static final Pattern FORM =
      Pattern.compile(
          "https://[a-z0-9._-]+(:[1-9][0-9]{0,4})?/[\\x21-\\x7E&&[^\\\\\"<>^`{|}#?]]+"
              + "(\\?[\\x21-\\x7E&&[^\\\\\"<>^`{|}#]]+)?");
  private static final Pattern DOTS = Pattern.compile("(?i)(\\.|%2e){1,2}");

  private DocumentUrl() {}

  /** Whether {@code clientId} is meant to be a URL, and so nobody's name otherwise. */
  static boolean isMeant(String clientId) {
    return clientId.regionMatches(true, 0, "https:", 0, 6)
        || clientId.regionMatches(true, 0, "http:", 0, 5);
  }

  /** Whether {@code clientId} is such a URL. */
  static boolean isGood(String clientId) {
    if (clientId.length() > MAX_LENGTH || !FORM.matcher(clientId).matches()) {
      return false;
    }
    return Uris.parse(clientId)
        .filter(url -> url.getHost() != null && url.getPort() != 443 && url.getPort() <= 65_535)
        .filter(
            url ->
                Stream.of(url.getRawPath().split("/"))
                    .noneMatch(segment -> DOTS.matcher(segment).matches()))
        .isPresent();
  }
}
