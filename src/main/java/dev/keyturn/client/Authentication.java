package dev.keyturn.client;

import dev.keyturn.config.Secret;
import dev.keyturn.crypto.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a client proves to be itself: by one method, its own.
 *
 * @param secretHashes of its secrets, each of which will do: while one follows another there are
 *     two
 * @param requiresPkce whether each of its authorization requests needs a challenge
 * @param requiresPush whether each of them must be pushed, so that only the client itself makes one
 * @param keys by which it signs assertions, for the method that needs them
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3">RFC 6749, section 2.3</a>
 */
public record Authentication(
    Method method,
    List<String> secretHashes,
    boolean requiresPkce,
    boolean requiresPush,
    Optional<ClientKeys> keys) {
  /** The least length of a secret, in characters. */
  public static final int MIN_SECRET = 32;

  /** The most secrets that a client has at a time. */
  public static final int MAX_SECRETS = 4;

  /** That of a public client, which proves nothing but what each grant asks for. */
  public static final Authentication PUBLIC = new Authentication(Method.NONE, List.of(), true);

  public Authentication {
    secretHashes = List.copyOf(secretHashes);
    if (secretHashes.isEmpty() == method.hasSecret() || (method == Method.NONE && !requiresPkce)) {
      throw new IllegalArgumentException("a public client has no secret, and needs PKCE");
    }
    if (keys.isPresent() != (method == Method.PRIVATE_KEY_JWT)) {
      throw new IllegalArgumentException("keys are for private_key_jwt, and it needs them");
    }
    if (secretHashes.size() > MAX_SECRETS) {
      throw new IllegalArgumentException("a client has at most " + MAX_SECRETS + " secrets");
    }
  }

  /** By none or a secret, of a client whose authorization requests may come by the browser. */
  public Authentication(Method method, List<String> secretHashes, boolean requiresPkce) {
    this(method, secretHashes, requiresPkce, false, Optional.empty());
  }

  /** The same where every authorization request must be pushed. */
  public Authentication requiringPush() {
    return new Authentication(method, secretHashes, requiresPkce, true, keys);
  }

  /** By assertions that are signed with a key of its own. */
  public static Authentication byKeys(ClientKeys keys, boolean requiresPkce) {
    return new Authentication(
        Method.PRIVATE_KEY_JWT, List.of(), requiresPkce, false, Optional.of(keys));
  }

  /** The same with no other keys than these, which the client has shown. */
  Authentication provenBy(ClientKeys shown) {
    return new Authentication(method, secretHashes, requiresPkce, requiresPush, Optional.of(shown));
  }

  /** By any of some secrets, of which the hashes alone are kept. */
  static Authentication bySecrets(Method method, List<Secret> secrets, boolean requiresPkce) {
    var hashes = secrets.stream().map(secret -> Digest.of(secret.value())).toList();
    return new Authentication(method, hashes, requiresPkce);
  }

  /** Whether it proves itself by something that nobody else has. */
  boolean isConfidential() {
    return method != Method.NONE;
  }

  /** Whether one of {@code secrets} is one of the client's, in a time that does not tell which. */
  boolean admits(List<String> secrets) {
    var admitted = false;
    for (var secret : secrets) {
      var hash = Digest.of(secret);
      for (var own : secretHashes) {
        admitted |= Digest.same(own, hash);
      }
    }
    return admitted;
  }

  /** Hides the hashes. */
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
    CLIENT_SECRET_POST,
    PRIVATE_KEY_JWT;

    /** Whether it is by a secret that both sides know. */
    boolean hasSecret() {
      return this == CLIENT_SECRET_BASIC || this == CLIENT_SECRET_POST;
    }

    /** The method of that registered spelling; empty if there is none. */
    public static Optional<Method> of(String wire) {
      return Stream.of(values()).filter(method -> method.wire().equals(wire)).findFirst();
    }

    /** The registered spelling. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
