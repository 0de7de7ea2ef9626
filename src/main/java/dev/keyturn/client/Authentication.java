package dev.keyturn.client;

import dev.keyturn.config.Secret;
import dev.keyturn.crypto.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a client proves to be itself: by one method, its own.
 *
 * @param secretHash of its secret, if it has one
 * @param requiresPkce whether each of its authorization requests needs a challenge
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3">RFC 6749, section 2.3</a>
 */
public record Authentication(Method method, Optional<String> secretHash, boolean requiresPkce) {
  /** The least length of a secret, in characters. */
  public static final int MIN_SECRET = 32;

  /** That of a public client, which proves nothing but what each grant asks for. */
  public static final Authentication PUBLIC =
      new Authentication(Method.NONE, Optional.empty(), true);

  public Authentication {
    if (secretHash.isPresent() == (method == Method.NONE)
        || !(secretHash.isPresent() || requiresPkce)) {
      throw new IllegalArgumentException("a public client has no secret, and needs PKCE");
    }
  }

  /** By a secret, of which the hash alone is kept. */
  static Authentication bySecret(Method method, Secret secret, boolean requiresPkce) {
    return new Authentication(method, Optional.of(Digest.of(secret.value())), requiresPkce);
  }

  /** Whether one of {@code secrets} is the client's, in a time that does not tell which. */
  boolean admits(List<String> secrets) {
    var admitted = false;
    for (var secret : secrets) {
      admitted |= Digest.same(secretHash.orElse(""), Digest.of(secret));
    }
    return admitted;
  }

  /** Hides the hash. */
  @Override
  public String toString() {
    return "Authentication[" + method.wire() + "]";
  }

  /**
   * A registered way to authenticate at the token endpoint.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591, section 2</a>
   */
  public enum Method {
    NONE,
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST;

    /** The registered spelling. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
