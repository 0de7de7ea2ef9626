package dev.keyturn.gateway;

import java.util.regex.Pattern;

/**
 * The raw path of a request, as it will be matched and passed on: never decoded, never normalised.
 *
 * <p>A path that the gateway and a backend could read differently is refused. Otherwise the one
 * would judge {@code /mcp} while the other serves {@code /admin}.
 */
final class RequestPath {
  private static final Pattern PLAIN =
      Pattern.compile("/(?:[\\x21-\\x7E&&[^%?#\\\\\"<>^`{|}]]|%[0-9A-Fa-f]{2})*");
  private static final Pattern ENCODED_SEPARATOR = Pattern.compile("(?i)%(?:2e|2f|5c|00)");
  private static final Pattern DOT_SEGMENT = Pattern.compile("/\\.{1,2}(?:[/;]|$)");

  private RequestPath() {}

  /** Whether everybody reads {@code path} in the same way. */
  static boolean isUnambiguous(String path) {
    return PLAIN.matcher(path).matches()
        && !path.contains("//")
        && !ENCODED_SEPARATOR.matcher(path).find()
        && !DOT_SEGMENT.matcher(path).find();
  }
}
