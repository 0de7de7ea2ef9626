package dev.keyturn.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.keyturn.http.StrictJson;
import io.vertx.core.buffer.Buffer;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a JWK set of a client: keys of kinds that verify here, and none that is anybody's secret.
 *
 * <p>A set that shows a private key, or one that both sides know, is refused as a whole: whoever
 * reads it could sign in the client's name.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, section 5</a>
 */
public final class PublicKeys {
  /** The most keys of a set. */
  public static final int MAX = 10;

  private static final int MIN_RSA = 2048;
  private static final int MAX_RSA = 8192;

  /** In bits; 65537, which everybody uses, has 17. */
  private static final int MAX_EXPONENT = 32;

  /** RFC 7518, sections 6.2.2, 6.3.2 and 6.4: the factors of an RSA key are as good as the rest. */
  private static final Set<String> SECRET = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);

  private PublicKeys() {}

  /**
   * The keys of a set that verify here.
   *
   * @throws IllegalArgumentException with the rest of a sentence about the set
   */
  public static List<JWK> parse(Buffer text) {
    return read(StrictJson.object(text).orElseThrow(() -> refusal("must be a JSON object")));
  }

  /** The same of an object that has been read. */
  public static List<JWK> read(JsonNode set) {
    var keys = set.path("keys");
    if (!keys.isArray() || keys.isEmpty() || keys.size() > MAX) {
      throw refusal("must hold an array of 1 to " + MAX + " keys");
    }
    var usable = new ArrayList<JWK>();
    for (var key : keys) {
      parse(key).filter(PublicKeys::verifies).ifPresent(usable::add);
    }
    if (usable.isEmpty()) {
      throw refusal(
          "holds no key that verifies here: RSA of 2048 to 8192 bits, P-256, P-384, P-521");
    }
    return List.copyOf(usable);
  }

  /** The RFC 7638 name of a key. */
  static String thumbprint(JWK key) {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that was read", e);
    }
  }

  static String write(List<JWK> keys) {
    return new JWKSet(keys).toString(true);
  }

  private static Optional<JWK> parse(JsonNode key) {
    if (SECRET.stream().anyMatch(key::has) || "oct".equals(key.path("kty").asText())) {
      throw refusal("shows a private or shared key");
    }
    try {
      return Optional.of(JWK.parse(key.toString()));
    } catch (ParseException | IllegalArgumentException e) {
      return Optional.empty(); // A kind of key that nothing here verifies with.
    }
  }

  private static boolean verifies(JWK key) {
    if (KeyUse.ENCRYPTION.equals(key.getKeyUse()) || key.isPrivate()) {
      return false;
    }
    if (key instanceof RSAKey rsa) {
      var bits = rsa.size();
      return bits >= MIN_RSA && bits <= MAX_RSA && isQuick(rsa);
    }
    return key.getKeyType().equals(KeyType.EC) && CURVES.contains(((ECKey) key).getCurve());
  }

  /** A signature under a huge exponent takes a hundred times as long to verify. */
  private static boolean isQuick(RSAKey key) {
    var exponent = key.getPublicExponent().decodeToBigInteger();
    return exponent.testBit(0) && exponent.bitLength() > 1 && exponent.bitLength() <= MAX_EXPONENT;
  }

  private static IllegalArgumentException refusal(String complaint) {
    return new IllegalArgumentException(complaint);
  }
}
