package dev.keyturn.upstream;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.keys.Signatures;
import dev.keyturn.keys.Signer;
import dev.keyturn.keys.SigningKey;
import dev.keyturn.keys.SigningKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Signs who we are, for one request each time: a provider takes an assertion once, and it is of no
 * use to whoever reads it later.
 *
 * <p>Belongs to one event loop; what is slow to sign is signed in a worker.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523, section 3</a>
 */
final class SignedProofs {
  private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final int ID_LENGTH = 16;

  /** More than that are of changes that are over. */
  private static final int KEPT = 4;

  /** A login needs one signature, so native code would save it a millisecond. */
  private static final CryptoProvider JDK = CryptoProvider.jdk("it is rarely asked");

  private final Vertx vertx;
  private final Clock clock;
  private final RandomGenerator random;
  private final Map<SigningKey, Signer> signers = new LinkedHashMap<>();

  SignedProofs(Vertx vertx, Clock clock, RandomGenerator random) {
    this.vertx = vertx;
    this.clock = clock;
    this.random = random;
  }

  /** Puts an assertion of {@code clientId} into the {@code form} of a token request. */
  Future<Void> prove(String clientId, ClientKey key, Map<String, String> form) {
    return signer(key.key())
        .sign(claims(clientId, key.audience()), "JWT")
        .map(
            assertion -> {
              form.put("client_assertion_type", TYPE);
              form.put("client_assertion", assertion);
              return null;
            });
  }

  private JWTClaimsSet claims(String clientId, String audience) {
    var id = new byte[ID_LENGTH];
    random.nextBytes(id);
    var now = clock.instant();
    return new JWTClaimsSet.Builder()
        .issuer(clientId)
        .subject(clientId)
        .audience(audience)
        .jwtID(Base64.getUrlEncoder().withoutPadding().encodeToString(id))
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(LIFE)))
        .build();
  }

  private Signer signer(SigningKey key) {
    if (signers.size() >= KEPT && !signers.containsKey(key)) {
      signers.clear();
    }
    return signers.computeIfAbsent(key, this::open);
  }

  private Signer open(SigningKey key) {
    var alone = SigningKeys.of(key, List.of());
    return new Signatures(vertx, () -> alone, JDK);
  }
}
