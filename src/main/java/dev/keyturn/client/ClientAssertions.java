package dev.keyturn.client;

import static dev.keyturn.client.ClientAssertion.refusal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges assertions: what they claim, who signed them, and that each is used once.
 *
 * <p>Signatures are verified in a worker, since the JDK needs milliseconds for one and anybody may
 * send some. What was used is remembered in the store, so that no other replica takes it either.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523, section 3</a>
 */
public final class ClientAssertions {
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int MAX_JTI = 256;

  /** Of the keys that a signature without a name may be of. */
  private static final int MOST_TRIED = 4;

  private final Set<String> audiences;
  private final PublishedKeys published;
  private final KeyValueStore store;
  private final Vertx vertx;
  private final Clock clock;

  public ClientAssertions(
      Issuer issuer, PublishedKeys published, KeyValueStore store, Vertx vertx, Clock clock) {
    this.audiences = Set.of(issuer.value(), issuer.url("/oauth/token"));
    this.published = published;
    this.store = store;
    this.vertx = vertx;
    this.clock = clock;
  }

  /** The names of the algorithms that assertions may be signed under. */
  public static List<String> algorithms() {
    return ClientAssertion.algorithms();
  }

  /**
   * The client, with the one key that it has shown; or a refusal.
   *
   * @param address of whoever sent it, to count look-ups of keys by
   */
  Future<Client> prove(Client client, ClientAssertion assertion, String address) {
    requireClaims(client, assertion);
    var keys = client.authentication().keys().orElseThrow();
    requireAlgorithm(keys, assertion.jwt());
    return (keys.url().isPresent()
            ? published(keys, assertion.jwt(), address)
            : verified(keys.listed(), assertion.jwt())
                .map(key -> ClientKeys.listed(List.of(key), keys.algorithm())))
        .compose(proof -> spend(assertion).map(spent -> client.provenBy(proof)));
  }

  private void requireClaims(Client client, ClientAssertion assertion) {
    var claims = assertion.claims();
    if (!client.id().equals(claims.getIssuer()) || !client.id().equals(claims.getSubject())) {
      throw refusal("must have the client_id as iss and as sub");
    }
    if (claims.getAudience().size() != 1 || !audiences.contains(claims.getAudience().get(0))) {
      throw refusal("must be for the issuer, and for nobody else");
    }
    var jti = Optional.ofNullable(claims.getJWTID()).orElse("");
    if (jti.isEmpty() || jti.length() > MAX_JTI) {
      throw refusal("must have a jti of 1 to " + MAX_JTI + " characters");
    }
    var now = clock.instant();
    var end = time(claims.getExpirationTime()).orElse(Instant.EPOCH);
    if (!now.isBefore(end)) {
      throw refusal("has expired, or says no exp");
    }
    if (end.isAfter(now.plus(LONGEST).plus(SKEW))) {
      throw refusal("must expire within 5 minutes");
    }
    if (isToCome(claims.getIssueTime(), now) || isToCome(claims.getNotBeforeTime(), now)) {
      throw refusal("is of a time to come");
    }
  }

  private static void requireAlgorithm(ClientKeys keys, SignedJWT jwt) {
    var name = jwt.getHeader().getAlgorithm().getName();
    if (!keys.algorithm().map(name::equals).orElse(true)) {
      throw refusal("must be signed under " + keys.algorithm().orElseThrow());
    }
  }

  /** A key that nobody knows here may be new: the client's keys are looked at once more. */
  private Future<ClientKeys> published(ClientKeys keys, SignedJWT jwt, String address) {
    var url = keys.url().orElseThrow();
    return published
        .current(url, address)
        .compose(set -> verified(set, jwt))
        .recover(
            refused ->
                published
                    .afresh(url, address)
                    .compose(
                        next ->
                            next.map(set -> verified(set, jwt))
                                .orElseGet(() -> Future.failedFuture(refused))))
        .map(keys);
  }

  private Future<JWK> verified(List<JWK> keys, SignedJWT jwt) {
    var candidates =
        new JWKSelector(JWKMatcher.forJWSHeader(jwt.getHeader())).select(new JWKSet(keys));
    return candidates.isEmpty()
        ? Future.failedFuture(refusal("was signed by no key of the client"))
        : vertx.executeBlocking(
            () ->
                candidates.stream()
                    .limit(MOST_TRIED)
                    .filter(key -> isSignedBy(key, jwt))
                    .findFirst()
                    .orElseThrow(() -> refusal("was signed by no key of the client")),
            false);
  }

  private static boolean isSignedBy(JWK key, SignedJWT jwt) {
    try {
      var open = ((AsymmetricJWK) key).toPublicKey();
      return jwt.verify(new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), open));
    } catch (JOSEException e) {
      return false;
    }
  }

  /** Notes that it was used; whoever brings it again is refused, at whichever replica. */
  private Future<Void> spend(ClientAssertion assertion) {
    var claims = assertion.claims();
    var left = Duration.between(clock.instant(), claims.getExpirationTime().toInstant()).plus(SKEW);
    var name = claims.getSubject().length() + " " + claims.getSubject() + " " + claims.getJWTID();
    return store
        .putIfAbsent("client-assertion/" + Digest.of(name), Buffer.buffer("1"), left)
        .compose(
            first ->
                first ? Future.succeededFuture() : Future.failedFuture(refusal("was used before")));
  }

  private static boolean isToCome(@org.jspecify.annotations.Nullable Date date, Instant now) {
    return time(date).filter(at -> at.isAfter(now.plus(SKEW))).isPresent();
  }

  private static Optional<Instant> time(@org.jspecify.annotations.Nullable Date date) {
    return Optional.ofNullable(date).map(Date::toInstant);
  }
}
