package dev.keyturn.keys;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Three replicas above one store whose answers come in any order. Their clocks differ, they see a
 * Secret at different times, and now and then one of them starts anew.
 *
 * <p>Beside it stands a verifier of another company that fetches the JWK set of any replica and
 * keeps it for exactly as long as it is told. Whatever goes wrong is collected.
 */
final class ClusterModel {
  static final Duration PROPAGATION = Duration.ofMinutes(2);
  static final Duration MAX_AGE = Duration.ofMinutes(5);
  static final Duration LIFE = Duration.ofMinutes(10);
  static final Timing TIMING = timing(MAX_AGE.plus(PROPAGATION), PROPAGATION, LIFE);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<SigningKey> POOL =
      IntStream.range(0, 12).mapToObj(i -> SigningKey.generate(RANDOM)).toList();

  private static final int STEP = 5;

  /** What clocks differ by, what a poll and what a file may take: together the propagation. */
  private static final int SKEW = 30;

  private static final int POLL = 10;
  private static final int LAG = 120 - 2 * SKEW - POLL;

  private final Random chance;
  private final Timing timing;
  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 10));
  private final Instant start = clock.instant();
  private final List<Replica> replicas;
  private final List<Token> alive = new ArrayList<>();
  private final List<Seal> sealed = new ArrayList<>();
  private final Set<String> wrong = new HashSet<>();
  private List<Integer> keys = List.of(0);
  private List<Integer> secrets = List.of(0);
  private int newest;
  private int nextKeys = LAG + POLL;
  private int nextSecrets = LAG + POLL;
  private int rotations;

  ClusterModel(long seed, Timing timing) {
    this.chance = new Random(seed);
    this.timing = timing;
    this.replicas = IntStream.range(0, 3).mapToObj(i -> new Replica(clock, store)).toList();
    store.hold();
    announce();
  }

  static Timing timing(Duration publishBeforeUse, Duration propagation, Duration token) {
    return new Timing(publishBeforeUse, propagation, token, LIFE, LIFE);
  }

  /** Everything that went wrong within a time. */
  Set<String> run(Duration time) {
    for (var end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
      clock.forward(Duration.ofSeconds(STEP));
      changeSecret();
      replicas.forEach(Replica::poll);
      store.shuffle(chance);
      store.hold();
      replicas.forEach(Replica::look);
      replicas.forEach(Replica::sign);
      alive.removeIf(token -> token.isOver(clock.instant()));
      sealed.removeIf(seal -> seal.isOver(clock.instant()));
      alive.forEach(this::everybodyVerifies);
      sealed.forEach(this::everybodyAuthenticates);
      if (chance.nextInt(120) == 0) {
        replicas.get(chance.nextInt(3)).restart();
      }
    }
    return wrong;
  }

  /** How often another key came to sign. */
  int rotations() {
    return rotations;
  }

  private int passed() {
    return (int) Duration.between(start, clock.instant()).toSeconds();
  }

  private void changeSecret() {
    if (passed() >= nextKeys) {
      keys = changed(keys, POOL.size());
      nextKeys = passed() + 5 + chance.nextInt(chance.nextBoolean() ? 60 : 1500);
      announce();
    }
    if (passed() >= nextSecrets) {
      secrets = changed(secrets, 200);
      nextSecrets = passed() + LAG + STEP + chance.nextInt(chance.nextBoolean() ? 60 : 1500);
      announce();
    }
  }

  /** What operators do to a list of keys, the wise and the unwise. */
  private List<Integer> changed(List<Integer> list, int most) {
    newest = (newest + 1) % most;
    var next = new ArrayList<>(list);
    next.remove((Integer) newest);
    switch (chance.nextInt(6)) {
      case 0 -> next.add(0, newest);
      case 1 -> next = new ArrayList<>(List.of(newest));
      case 2 -> next.add(newest);
      case 3 -> next.add(0, next.isEmpty() ? newest : next.remove(next.size() - 1));
      case 4 -> {
        next.add(0, newest);
        next = new ArrayList<>(next.subList(0, Math.min(2, next.size())));
      }
      default -> next = new ArrayList<>(next.subList(0, Math.min(1, next.size())));
    }
    return next.isEmpty()
        ? List.of(newest)
        : List.copyOf(next.subList(0, Math.min(5, next.size())));
  }

  private void announce() {
    replicas.forEach(
        replica ->
            replica.coming.add(
                new Version(keys, secrets, passed() + (passed() == 0 ? 0 : chance.nextInt(LAG)))));
  }

  private void everybodyVerifies(Token token) {
    var claims = new JWTClaimsSet.Builder().issueTime(Date.from(token.issued())).build();
    for (var replica : replicas) {
      var key = replica.now().signing().find(token.kid());
      if (key.filter(known -> known.isOfItsTime(claims)).isEmpty()) {
        wrong.add("a replica refuses a token of the cluster");
      }
    }
  }

  private void everybodyAuthenticates(Seal seal) {
    for (int i = 0; i < replicas.size(); i++) {
      var hmac = replicas.get(i).now().hmac();
      if (seal.verifiedBy().get(i) != hmac
          && !hmac.verify(seal.message().getBytes(), seal.code().getBytes())) {
        wrong.add("a replica refuses what another has authenticated");
      }
      seal.verifiedBy().put(i, hmac);
    }
  }

  /** Every JWK set that somebody may still hold must have the key. */
  private void othersKnow(String kid) {
    for (var replica : replicas) {
      var since = replica.published.get(kid);
      var first = passed() - MAX_AGE.toSeconds();
      if (since == null || (first > 0 && since > first)) {
        wrong.add("a verifier that keeps the JWK set as told does not know the key");
      }
    }
  }

  private final class Replica {
    private final Deque<Version> coming = new ArrayDeque<>();
    private final Map<String, Integer> published = new HashMap<>();
    private final Clock own;
    private final InterleavingStore shared;
    private KeyKeeper keeper;
    private Version seen = new Version(List.of(0), List.of(0), 0);
    private Optional<KeysNow> now = Optional.empty();
    private int nextPoll;
    private boolean starting;

    Replica(Clock real, InterleavingStore shared) {
      this.own = Clock.offset(real, Duration.ofSeconds(chance.nextInt(2 * SKEW) - SKEW));
      this.shared = shared;
      this.keeper = new KeyKeeper(shared, own, RANDOM);
    }

    void poll() {
      if (passed() >= nextPoll) {
        nextPoll = passed() + 1 + chance.nextInt(POLL);
        lookAtFiles();
        keeper
            .keep(seen.declared(timing))
            .onSuccess(kept -> now = Optional.of(kept))
            .onFailure(failure -> wrong.add("a replica is refused: " + failure));
      }
    }

    /** Files change while a process is about to start only in another story. */
    private void lookAtFiles() {
      while (!starting && !coming.isEmpty() && coming.peek().visible() <= passed()) {
        seen = coming.remove();
      }
      starting = false;
    }

    KeysNow now() {
      return now.orElseThrow();
    }

    void look() {
      var kids = now().signing().all().stream().map(VerificationKey::kid).toList();
      published.keySet().retainAll(kids);
      kids.forEach(kid -> published.putIfAbsent(kid, passed()));
    }

    void sign() {
      if (passed() % 30 == 0) {
        var signer = now().signing().signer().orElseThrow().kid();
        if (alive.stream().noneMatch(token -> token.kid().equals(signer))) {
          rotations++;
        }
        othersKnow(signer);
        alive.add(new Token(signer, Instant.ofEpochSecond(own.instant().getEpochSecond())));
        var message = ByteBuffer.allocate(8).putLong(chance.nextLong()).array();
        sealed.add(
            new Seal(
                Buffer.buffer(message),
                Buffer.buffer(now().hmac().sign(message)),
                own.instant(),
                new HashMap<>()));
      }
    }

    /** Documentation says: list what is still needed, and a restart changes nothing. */
    void restart() {
      if (now().states().stream().noneMatch(state -> state.note().startsWith("no longer listed"))) {
        starting = true;
        keeper = new KeyKeeper(shared, own, RANDOM);
        nextPoll = 0;
      }
    }
  }

  private record Token(String kid, Instant issued) {
    boolean isOver(Instant now) {
      return now.isAfter(issued.plus(LIFE));
    }
  }

  /** Nothing changes for it while a replica has the same secrets. */
  private record Seal(
      Buffer message, Buffer code, Instant issued, Map<Integer, HmacSecrets> verifiedBy) {
    boolean isOver(Instant now) {
      return now.isAfter(issued.plus(LIFE));
    }
  }

  private record Version(List<Integer> keys, List<Integer> secrets, int visible) {
    Declared declared(Timing timing) {
      return new Declared(
          keys.stream().map(POOL::get).toList(),
          Set.of(),
          secrets.stream().map(Version::secret).toList(),
          List.of(),
          List.of(),
          timing);
    }

    private static byte[] secret(int number) {
      return ByteBuffer.allocate(32).putInt(number).array();
    }
  }
}
