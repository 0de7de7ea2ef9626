package dev.keyturn.oauth;

import static dev.keyturn.oauth.ErrorCode.INVALID_SCOPE;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A set of scope tokens in the order in which they were named.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.3">RFC 6749, section 3.3</a>
 */
public record Scopes(Set<String> names) {
  /** The scope that makes a request an OpenID Connect one. */
  public static final String OPENID = "openid";

  /** The scope by which OpenID Connect clients ask for a refresh token; never unknown here. */
  public static final String OFFLINE_ACCESS = "offline_access";

  /** No scope at all. */
  public static final Scopes NONE = new Scopes(Set.of());

  /** The most that a set may hold. */
  public static final int MAX_COUNT = 100;

  private static final Pattern TOKEN = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,256}");

  public Scopes {
    names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
    if (names.size() > MAX_COUNT) {
      throw INVALID_SCOPE.because("scope names more than " + MAX_COUNT + " scopes");
    }
    if (!names.stream().allMatch(Scopes::isToken)) {
      throw INVALID_SCOPE.because("scope holds a character that RFC 6749 does not allow");
    }
  }

  /** Reads a space-delimited scope parameter; empty text is {@link #NONE}. */
  public static Scopes parse(String text) {
    var words = Stream.of(text.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
    return new Scopes(new LinkedHashSet<>(words));
  }

  /** The scopes of a list, such as the {@code scopes} of a setting. */
  public static Scopes of(Collection<String> names) {
    return new Scopes(new LinkedHashSet<>(names));
  }

  /** Whether {@code name} is spelled as a scope token may be. */
  public static boolean isToken(String name) {
    return TOKEN.matcher(name).matches();
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  public boolean contains(String name) {
    return names.contains(name);
  }

  /** Whether every scope of {@code other} is in this set. */
  public boolean covers(Scopes other) {
    return names.containsAll(other.names);
  }

  /** The scopes of this set that {@code other} lacks. */
  public Scopes without(Scopes other) {
    var rest = new LinkedHashSet<>(names);
    rest.removeAll(other.names);
    return new Scopes(rest);
  }

  /** The scopes of this set, then those of {@code other}. */
  public Scopes plus(Scopes other) {
    var all = new LinkedHashSet<>(names);
    all.addAll(other.names);
    return new Scopes(all);
  }

  /** The space-delimited spelling. */
  public String wire() {
    return String.join(" ", names);
  }
}
