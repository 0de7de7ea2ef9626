package dev.keyturn.token;

import static dev.keyturn.given.GivenSessions.RESOURCE;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.ReplicaStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.Steps;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.token.FamilyLogin.Fate;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Three replicas with clocks of their own above one store, clients that are honest and lose
 * answers, thieves, and people who log out. Every operation of the store, and every answer of it,
 * is a step in an order that chance decides; some fail, with the change done or not, and between
 * any two steps a replica may be killed.
 */
final class FamilyClusterModel {
  /** By how much the clock of a replica may be wrong, in either direction. */
  static final Duration SKEW = Duration.ofSeconds(45);

  static final Lifespans LIVES =
      new Lifespans(
          Duration.ofHours(24), // So long that the store keeps a session whose refresh expired.
          Duration.ofHours(20),
          Duration.ofMinutes(10),
          Duration.ofHours(100),
          Duration.ofSeconds(60),
          Duration.ofHours(12));

  private static final int REPLICAS = 3;
  private static final int LOGINS = 3;
  private static final int FAULTS = 30;
  private static final int DEADLY = 60;

  /** What may be broken on purpose. */
  record Plan(UnaryOperator<KeyValueStore> view, Lifespans lives, Duration skew) {
    static final Plan SOUND = new Plan(store -> store, LIVES, SKEW);

    Plan through(UnaryOperator<KeyValueStore> broken) {
      return new Plan(broken, lives, skew);
    }

    Plan with(Lifespans others) {
      return new Plan(view, others, skew);
    }

    Plan with(Duration other) {
      return new Plan(view, lives, other);
    }
  }

  final Set<String> wrong = new HashSet<>();
  int served;
  int unknown;
  int reused;
  int loggedOut;
  int kills;
  private final Random chance;
  private final Plan plan;
  private final SettableClock clock;
  private final KeyValueStore store;
  private final Steps steps = new Steps();
  private final HmacSecrets secrets = HmacSecrets.ephemeral(new SecureRandom());
  private final List<Replica> replicas = new ArrayList<>();
  private final List<FamilyLogin> logins = new ArrayList<>();
  private final List<FamilyLogin> ended = new ArrayList<>();
  private final List<FamilyRequest> requests = new ArrayList<>();
  private int faults;

  /**
   * @param clock that of the store
   */
  FamilyClusterModel(long seed, Plan plan, KeyValueStore store, SettableClock clock) {
    this.chance = new Random(seed);
    this.plan = plan;
    this.store = store;
    this.clock = clock;
    for (int i = 0; i < REPLICAS; i++) {
      replicas.add(new Replica());
    }
  }

  /** Everything that went wrong in so many rounds, and when all trouble is over. */
  Set<String> run(int rounds) {
    for (int i = 0; i < rounds; i++) {
      faults = FAULTS;
      while (logins.size() < LOGINS) {
        begin();
      }
      clock.forward(pause());
      List.copyOf(logins).forEach(this::ask);
      play(chance.nextInt(3) == 0 ? DEADLY : 0);
      settle();
      if (i % 10 == 0) {
        lookAround();
      }
    }
    lookAround();
    return wrong;
  }

  private Duration pause() {
    return switch (chance.nextInt(20)) {
      case 0 -> Duration.ofHours(1 + chance.nextInt(24));
      case 1, 2 -> Duration.ofSeconds(55 + chance.nextInt(10));
      default -> Duration.ofSeconds(chance.nextInt(40));
    };
  }

  /** A code is redeemed, now and then at two replicas at once, or while its session is ended. */
  private void begin() {
    var one = any();
    var authorization = one.given.authorization("mcp:read");
    var begun = new ArrayList<TokenSet>();
    begin(one, authorization, begun);
    if (chance.nextInt(4) == 0) {
      begin(any(), authorization, begun);
    }
    var stopped =
        chance.nextInt(8) == 0
            ? Optional.of(any().end(authorization.sessionId()))
            : Optional.<Future<Void>>empty();
    play(0);
    if (begun.size() > 1) {
      wrong.add("a session began twice");
    }
    var fate = stopped.map(end -> end.succeeded() ? Fate.ENDED : Fate.DOUBTFUL).orElse(Fate.GOOD);
    begun.stream().limit(1).forEach(tokens -> add(authorization, tokens, fate));
  }

  private static void begin(Replica one, Authorization authorization, List<TokenSet> begun) {
    one.given.tokens.begin(authorization, RESOURCE, Optional.empty(), true).onSuccess(begun::add);
  }

  private void add(Authorization authorization, TokenSet tokens, Fate fate) {
    var login = new FamilyLogin(authorization, tokens, now(), LIVES, SKEW.multipliedBy(2), wrong);
    login.fate = fate;
    (fate == Fate.ENDED ? ended : logins).add(login);
  }

  private void ask(FamilyLogin login) {
    var stale = chance.nextInt(4) == 0 ? login.stale(now()) : Optional.<String>empty();
    if (stale.isPresent()) {
      send(login, stale.get(), true);
    } else {
      for (int i = chance.nextInt(3); i >= 0; i--) {
        send(login, login.newest(), true);
      }
    }
    if (chance.nextInt(12) == 0) {
      login.old(chance.nextInt(3)).ifPresent(old -> send(login, old, false));
    } else if (chance.nextInt(25) == 0) {
      requests.add(FamilyRequest.ending(login, any().end(login.authorization.sessionId())));
    }
  }

  private void send(FamilyLogin login, String token, boolean honest) {
    var timely = login.isTimely(now());
    var over = login.isOver(now());
    if (token.equals(login.newest())) {
      login.sends(now());
    }
    requests.add(new FamilyRequest(login, token, honest, timely, over, any().refresh(token)));
  }

  /** What the answers of a round tell; some never come, since their replica is dead. */
  private void settle() {
    var troubled = new HashSet<FamilyLogin>();
    requests.stream()
        .filter(request -> !request.honest())
        .forEach(request -> troubled.add(request.login()));
    for (var request : requests) {
      count(request);
      request.judge(troubled.contains(request.login()), now(), wrong);
    }
    for (var request : requests) {
      request.conclude();
    }
    requests.clear();
    logins.stream().filter(login -> login.fate == Fate.ENDED).forEach(ended::add);
    logins.removeIf(login -> login.fate == Fate.ENDED);
  }

  private void count(FamilyRequest request) {
    if (request.isUnknown()) {
      unknown++;
    } else if (request.answer().succeeded()) {
      served++;
    } else if (!request.honest()) {
      reused++;
    }
  }

  /**
   * While nothing fails: what was ended is over everywhere, and what was not goes on everywhere.
   */
  private void lookAround() {
    faults = 0;
    clock.forward(Duration.ofSeconds(3)); // By then each replica looks again what was denied.
    for (var login : ended) {
      for (var replica : replicas) {
        none(replica.refresh(login.newest()), "a refresh token is good after its family ended");
        none(replica.isGood(login.access), "an access token is good after its family ended");
      }
    }
    loggedOut += ended.size();
    ended.clear();
    logins.removeIf(login -> login.fate == Fate.DOUBTFUL);
    for (var login : List.copyOf(logins)) {
      replicas.forEach(replica -> send(login, login.newest(), true));
      play(0);
      settle();
    }
    logins.removeIf(login -> !login.isTimely(now()));
  }

  private void none(Future<?> future, String complaint) {
    play(0);
    if (future.succeeded()) {
      wrong.add(complaint);
    }
  }

  /** Lets everything happen; one step of so many is followed by the death of a replica. */
  private void play(int deadly) {
    while (!steps.isEmpty()) {
      steps.one(chance);
      if (deadly > 0 && chance.nextInt(deadly) == 0) {
        kills++;
        var victim = chance.nextInt(REPLICAS);
        steps.kill(replicas.get(victim));
        replicas.set(victim, new Replica());
      }
    }
  }

  private Replica any() {
    return replicas.get(chance.nextInt(REPLICAS));
  }

  private Instant now() {
    return clock.instant();
  }

  /** A process, with a clock and a view of the store of its own. */
  private final class Replica {
    private final GivenSessions given;

    Replica() {
      var most = (int) plan.skew().toSeconds();
      var skewed = Clock.offset(clock, Duration.ofSeconds(chance.nextInt(2 * most + 1) - most));
      var seen = new ReplicaStore(store, steps, this, chance, () -> faults);
      given = new GivenSessions(plan.view().apply(seen), skewed, plan.lives(), secrets);
    }

    Future<TokenSet> refresh(String token) {
      return given.tokens.refresh(token, GivenSessions::everything);
    }

    Future<Void> end(String sessionId) {
      return given.sessions.end(sessionId);
    }

    Future<?> isGood(String access) {
      return given.verifier.verify(access);
    }
  }
}
