package dev.keyturn.keys;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Our signatures on tokens: made by the signer of the newest snapshot, verified by all of it.
 *
 * <p>Every key is timed before it works on an event loop. What costs over 200 us, or was not timed
 * yet, is computed in a worker, so that no key, however slow, holds up other requests. One instance
 * serves all event loops.
 */
public final class Signatures implements Signer, SignatureVerifier {
  private static final Duration NO_SIGNER = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Supplier<SigningKeys> snapshot;
  private final Workshop workshop;
  private final Map<String, SignerAtWork> signers = new ConcurrentHashMap<>();
  private final Map<String, VerifierAtWork> verifiers = new ConcurrentHashMap<>();
  private volatile Optional<SigningKeys> seen = Optional.empty();

  /**
   * @param snapshot the keys of the moment; another answer is a rotation
   */
  public Signatures(Vertx vertx, Supplier<SigningKeys> snapshot, CryptoProvider crypto) {
    this(vertx, snapshot, new Workshop(crypto, System::nanoTime));
  }

  Signatures(Vertx vertx, Supplier<SigningKeys> snapshot, Workshop workshop) {
    this.vertx = vertx;
    this.snapshot = snapshot;
    this.workshop = workshop;
  }

  /** Times the keys of the newest snapshot; without it the first use of a snapshot starts that. */
  public Future<Void> prepare() {
    var keys = snapshot.get();
    seen = Optional.of(keys);
    return vertx.executeBlocking(() -> equipAll(keys), false);
  }

  @Override
  public Future<String> sign(JWTClaimsSet claims, String typ) {
    return newest()
        .signer()
        .map(key -> sign(key, claims, typ))
        .orElseGet(
            () ->
                Future.failedFuture(
                    new UnavailableException("no key that is here may sign", NO_SIGNER)));
  }

  @Override
  public Future<JWTClaimsSet> verify(String token, String typ) {
    return Future.succeededFuture(token)
        .map(text -> PresentedToken.parse(text, typ, newest()))
        .compose(this::verify);
  }

  private Future<String> sign(SigningKey key, JWTClaimsSet claims, String typ) {
    return compute(
        Optional.ofNullable(signers.get(name(key.publicHalf()))).filter(SignerAtWork::inPlace),
        () -> equipped(key),
        signer -> bounded(signer.sign(claims, typ)));
  }

  private Future<JWTClaimsSet> verify(PresentedToken presented) {
    return compute(
        Optional.ofNullable(verifiers.get(name(presented.key())))
            .filter(verifier -> verifier.isInPlaceFor(presented.jwt())),
        () -> equipped(presented.key()),
        verifier -> judge(verifier, presented));
  }

  private SigningKeys newest() {
    var keys = snapshot.get();
    if (seen.filter(known -> known == keys).isEmpty()) {
      prepare();
    }
    return keys;
  }

  private <K, T> Future<T> compute(Optional<K> ready, Supplier<K> equip, Work<K, T> work) {
    return ready.isPresent()
        ? inPlace(() -> work.with(ready.get()))
        : vertx.executeBlocking(() -> work.with(equip.get()), false);
  }

  private static <T> Future<T> inPlace(Callable<T> work) {
    try {
      return Future.succeededFuture(work.call());
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }

  /**
   * What was timed once is kept while its key is at work, whatever else changes; a private key that
   * signs no more is let go.
   */
  private Void equipAll(SigningKeys keys) {
    keys.signer().ifPresent(this::equipped);
    keys.all().forEach(this::equipped);
    signers.keySet().retainAll(names(keys.signer().map(SigningKey::publicHalf).stream()));
    verifiers.keySet().retainAll(names(keys.all().stream()));
    return null;
  }

  /** Blocks while the key is timed, so only a worker may call it. */
  private SignerAtWork equipped(SigningKey key) {
    return signers.computeIfAbsent(name(key.publicHalf()), name -> workshop.equip(key));
  }

  private VerifierAtWork equipped(VerificationKey key) {
    return verifiers.computeIfAbsent(name(key), name -> workshop.equip(key));
  }

  private static Set<String> names(Stream<VerificationKey> keys) {
    return keys.map(Signatures::name).collect(Collectors.toSet());
  }

  /** The same RSA key under another algorithm is other work. */
  private static String name(VerificationKey key) {
    return key.kid() + " " + key.algorithm().wire();
  }

  private static JWTClaimsSet judge(VerifierAtWork verifier, PresentedToken presented)
      throws JOSEException {
    if (!verifier.verifies(presented.jwt())) {
      throw INVALID_TOKEN.because("the token's signature is wrong");
    }
    return presented.claims();
  }

  /** A token that {@link #verify} would refuse must not be handed out. */
  private static String bounded(String token) {
    if (token.length() > PresentedToken.MAX_LENGTH) {
      throw new IllegalStateException(
          "the claims make a token longer than " + PresentedToken.MAX_LENGTH + " characters");
    }
    return token;
  }

  @FunctionalInterface
  private interface Work<K, T> {
    T with(K key) throws JOSEException;
  }
}
