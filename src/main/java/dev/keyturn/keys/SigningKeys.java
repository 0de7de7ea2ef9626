package dev.keyturn.keys;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of one moment: at most one signs, all verify and are published.
 *
 * <p>It never changes; a rotation is another snapshot. Others may hold the private halves of the
 * keys that only verify here.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, section 5</a>
 */
public final class SigningKeys {
  /** The most keys that are known at once. */
  public static final int MAX = 32;

  private final Optional<SigningKey> signer;
  private final Map<String, VerificationKey> byKid = new LinkedHashMap<>();

  private SigningKeys(Optional<SigningKey> signer, List<VerificationKey> keys) {
    if (keys.size() > MAX) {
      throw new IllegalArgumentException(
          "there are " + keys.size() + " signing keys; at most " + MAX + " can be known at once");
    }
    this.signer = signer;
    for (var key : keys) {
      if (byKid.put(key.kid(), key) != null) {
        throw new IllegalArgumentException("the signing key " + key.kid() + " is listed twice");
      }
    }
  }

  /** The key that signs, and others whose tokens are still good. */
  public static SigningKeys of(SigningKey signer, List<SigningKey> fallbacks) {
    return new SigningKeys(
        Optional.of(signer),
        Stream.concat(Stream.of(signer), fallbacks.stream()).map(SigningKey::publicHalf).toList());
  }

  /**
   * The keys of a cluster.
   *
   * @param signer empty where no key that is here may sign
   * @param published all that verify, without the signer's own
   */
  static SigningKeys of(Optional<SigningKey> signer, List<VerificationKey> published) {
    return new SigningKeys(
        signer,
        Stream.concat(signer.map(SigningKey::publicHalf).stream(), published.stream()).toList());
  }

  /** One ES256 key that dies with the process, and with it every token that it signed. */
  public static SigningKeys ephemeral(SecureRandom random) {
    return of(SigningKey.generate(random), List.of());
  }

  /** The key that signs; empty where every key that is here was revoked. */
  public Optional<SigningKey> signer() {
    return signer;
  }

  /** All keys, that of the signer first. */
  public List<VerificationKey> all() {
    return List.copyOf(byKid.values());
  }

  /** The key that a token names. */
  public Optional<VerificationKey> find(String kid) {
    return Optional.ofNullable(byKid.get(kid));
  }

  /** The algorithms of all keys, that of the signer first. */
  public List<String> algorithms() {
    return byKid.values().stream().map(key -> key.algorithm().wire()).distinct().toList();
  }

  /** The JWK set: public members only. */
  public JsonObject jwks() {
    var published = new JsonArray();
    byKid.values().forEach(key -> published.add(key.toJson()));
    return new JsonObject().put("keys", published);
  }

  /** Whether the other signs and verifies just as this does. */
  boolean isSameAs(SigningKeys other) {
    return signer.map(SigningKey::publicHalf).equals(other.signer.map(SigningKey::publicHalf))
        && all().equals(other.all());
  }

  /** Names the keys and shows nothing of them. */
  @Override
  public String toString() {
    return "SigningKeys" + byKid.keySet();
  }
}
