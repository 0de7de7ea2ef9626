package dev.keyturn.upstream;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Which of our callback paths a redirect URI leads to.
 *
 * <p>Each upstream has one of its own, so that an answer of one is never taken for that of another.
 *
 * @param name what follows {@code /oauth/callback/}; empty where nothing does
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.4.2">RFC 9700, section 4.4.2</a>
 */
public record CallbackPath(String name) {
  /** Where no name follows. */
  public static final String ROOT = "/oauth/callback";

  private static final Pattern NAMED = Pattern.compile(".*" + ROOT + "/([^/]+)");

  /** That of a redirect URI; one that is rewritten on its way to us leads to the root. */
  public static CallbackPath of(String redirectUri) {
    var named = NAMED.matcher(String.valueOf(URI.create(redirectUri).getRawPath()));
    return new CallbackPath(named.matches() ? named.group(1) : "");
  }

  /** The path below the place where browsers see us. */
  public String path() {
    return name.isEmpty() ? ROOT : ROOT + "/" + name;
  }
}
