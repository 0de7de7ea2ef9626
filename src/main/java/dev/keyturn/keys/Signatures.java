package dev.keyturn.keys;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.crypto.CryptoProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Our signatures on tokens: made by the first key of the newest snapshot, verified by all of it.
 *
 * <p>Every key is timed before it works on an event loop. What costs over 200 us, or was not timed
 * yet, is computed in a worker, so that no key, however slow, holds up other requests. One instance
 * serves all event loops.
 */
public final class Signatures implements Signer, SignatureVerifier {
  private final Vertx vertx;
  private final Supplier<SigningKeys> snapshot;
  private final Workshop workshop;
  private final Map<String, KeyAtWork> atWork = new ConcurrentHashMap<>();
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
    return compute(
        newest().signer(), KeyAtWork::signsInPlace, key -> bounded(key.sign(claims, typ)));
  }

  @Override
  public Future<JWTClaimsSet> verify(String token, String typ) {
    return Future.succeededFuture(token)
        .map(text -> PresentedToken.parse(text, typ, newest()))
        .compose(
            presented ->
                compute(
                    presented.key(),
                    key -> key.verifiesInPlace(presented.jwt()),
                    key -> judge(key, presented)));
  }

  private SigningKeys newest() {
    var keys = snapshot.get();
    if (seen.filter(known -> known == keys).isEmpty()) {
      prepare();
    }
    return keys;
  }

  private <T> Future<T> compute(SigningKey key, Predicate<KeyAtWork> inPlace, Work<T> work) {
    var ready = Optional.ofNullable(atWork.get(name(key))).filter(inPlace);
    return ready.isPresent()
        ? inPlace(() -> work.with(ready.get()))
        : vertx.executeBlocking(() -> work.with(equipped(key)), false);
  }

  private static <T> Future<T> inPlace(Callable<T> work) {
    try {
      return Future.succeededFuture(work.call());
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }

  private Void equipAll(SigningKeys keys) {
    keys.all().forEach(this::equipped);
    atWork
        .keySet()
        .retainAll(keys.all().stream().map(Signatures::name).collect(Collectors.toSet()));
    return null;
  }

  /** Blocks while the key is timed, so only a worker may call it. */
  private KeyAtWork equipped(SigningKey key) {
    return atWork.computeIfAbsent(name(key), name -> workshop.equip(key));
  }

  /** The same RSA key under another algorithm is other work. */
  private static String name(SigningKey key) {
    return key.kid() + " " + key.algorithm().wire();
  }

  private static JWTClaimsSet judge(KeyAtWork key, PresentedToken presented) throws JOSEException {
    if (!key.verifies(presented.jwt())) {
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
  private interface Work<T> {
    T with(KeyAtWork key) throws JOSEException;
  }
}
