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
 * The keys of one moment: the first signs, all verify and are published.
 *
 * <p>It never changes; a rotation is another snapshot.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, section 5</a>
 */
public final class SigningKeys {
  /** The most keys that are known at once. */
  public static final int MAX = 32;

  private final List<SigningKey> keys;
  private final Map<String, SigningKey> byKid = new LinkedHashMap<>();

  private SigningKeys(List<SigningKey> keys) {
    if (keys.size() > MAX) {
      throw new IllegalArgumentException(
          "there are " + keys.size() + " signing keys; at most " + MAX + " can be known at once");
    }
    this.keys = keys;
    for (var key : keys) {
      if (byKid.put(key.kid(), key) != null) {
        throw new IllegalArgumentException("the signing key " + key.kid() + " is listed twice");
      }
    }
  }

  /** The key that signs, and others whose tokens are still good. */
  public static SigningKeys of(SigningKey signer, List<SigningKey> fallbacks) {
    return new SigningKeys(Stream.concat(Stream.of(signer), fallbacks.stream()).toList());
  }

  /** One ES256 key that dies with the process, and with it every token that it signed. */
  public static SigningKeys ephemeral(SecureRandom random) {
    return of(SigningKey.generate(random), List.of());
  }

  /** The key that signs. */
  public SigningKey signer() {
    return keys.get(0);
  }

  /** All keys, the signer first. */
  public List<SigningKey> all() {
    return keys;
  }

  /** The key that a token names. */
  public Optional<SigningKey> find(String kid) {
    return Optional.ofNullable(byKid.get(kid));
  }

  /** The algorithms of all keys, that of the signer first. */
  public List<String> algorithms() {
    return keys.stream().map(key -> key.algorithm().wire()).distinct().toList();
  }

  /** The JWK set: public members only. */
  public JsonObject jwks() {
    var published = new JsonArray();
    keys.forEach(
        key -> published.add(new JsonObject(key.publicJwk().toPublicJWK().toJSONObject())));
    return new JsonObject().put("keys", published);
  }

  /** Names the keys and shows nothing of them. */
  @Override
  public String toString() {
    return "SigningKeys" + byKid.keySet();
  }
}
