package dev.keyturn.gateway;

import dev.keyturn.oauth.ResourceIndicator;
import java.util.regex.Pattern;

/**
 * A value of {@code aud} by which a token is meant for a backend: its identifier, or a name that
 * others know it by.
 *
 * <p>Two URLs of one resource are the same, in whatever spelling; a name that is no URL is compared
 * exactly.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9068#section-4">RFC 9068, section 4</a>
 */
public record Audience(String value) {
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7E]{1,2048}");

  public Audience {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "audience must be at most 2048 visible ASCII characters without blanks");
    }
  }

  /** What a resource is called by its own identifier. */
  public static Audience of(ResourceIndicator resource) {
    return new Audience(resource.value());
  }

  /** Whether {@code text} could be one. */
  public static boolean isValid(String text) {
    return VISIBLE.matcher(text).matches();
  }

  /** Whether {@code named}, as a token spells it, is this. */
  public boolean is(String named) {
    return value.equals(named)
        || (ResourceIndicator.isValid(value)
            && ResourceIndicator.isValid(named)
            && new ResourceIndicator(value).names(new ResourceIndicator(named)));
  }
}
