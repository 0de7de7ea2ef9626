package dev.keyturn.bench;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.given.Wire;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A resource server that keeps a JWKS for exactly as long as it is told, and never looks sooner for
 * a key that it does not know.
 */
final class OutsideVerifier {
  private static final Pattern MAX_AGE = Pattern.compile("max-age=(\\d+)");

  private final Wire wire;
  private final URI jwks;
  private final Set<String> used = ConcurrentHashMap.newKeySet();
  private Optional<Kept> kept = Optional.empty();

  OutsideVerifier(Wire wire, URI jwks) {
    this.wire = wire;
    this.jwks = jwks;
  }

  /** Why the token cannot be verified; empty if it can. */
  Optional<String> complaint(String token) throws Exception {
    var jwt = SignedJWT.parse(token);
    var kid = jwt.getHeader().getKeyID();
    used.add(kid);
    var key = keys().getKeyByKeyId(kid);
    if (key == null) {
      return Optional.of("unknown kid");
    }
    return jwt.verify(new ECDSAVerifier(key.toECKey()))
        ? Optional.empty()
        : Optional.of("wrong signature");
  }

  /** How many keys the tokens named so far. */
  int keysUsed() {
    return used.size();
  }

  private synchronized JWKSet keys() throws Exception {
    if (kept.filter(now -> System.nanoTime() - now.until() < 0).isEmpty()) {
      var answer = wire.get(jwks);
      var age = MAX_AGE.matcher(answer.header("Cache-Control").orElse(""));
      if (answer.status() != 200 || !age.find()) {
        throw new IllegalStateException("JWKS is answered " + answer.status());
      }
      var life = Duration.ofSeconds(Long.parseLong(age.group(1)));
      kept = Optional.of(new Kept(JWKSet.parse(answer.body()), System.nanoTime() + life.toNanos()));
    }
    return kept.orElseThrow().keys();
  }

  private record Kept(JWKSet keys, long until) {}
}
