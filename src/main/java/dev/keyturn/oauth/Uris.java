package dev.keyturn.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads URIs that come from outside. */
public final class Uris {
  private Uris() {}

  /**
   * The URI that {@code text} is; empty if it is none.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc3986">RFC 3986</a>
   */
  public static Optional<URI> parse(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException | NumberFormatException e) {
      // The JDK's parser meets numbers in an IPv6 host that it does not expect to be so long.
      return Optional.empty();
    }
  }
}
