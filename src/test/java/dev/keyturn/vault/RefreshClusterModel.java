package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.given.QuietUpstream;
import dev.keyturn.given.ReplicaStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.Steps;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.upstream.UpstreamTokens;
import dev.keyturn.vault.StrictProvider.Grant;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Three replicas above one store, before a strict provider. Everything that happens is a step, in
 * an order that chance decides, and between any two of them a replica may be killed.
 */
final class RefreshClusterModel {
  private static final List<String> PEOPLE = List.of("alice", "bob", "carol");

  /** What may be broken on purpose. */
  record Plan(
      boolean rotates,
      Optional<Boolean> configured,
      UnaryOperator<KeyValueStore> store,
      Function<RefreshAnswer, RefreshAnswer> network,
      boolean judges) {
    static final Plan ROTATING =
        new Plan(true, Optional.empty(), store -> store, answer -> answer, true);
    static final Plan STAYING =
        new Plan(false, Optional.of(false), store -> store, answer -> answer, true);

    Plan configured(boolean once) {
      return new Plan(rotates, Optional.of(once), store, network, judges);
    }

    Plan over(UnaryOperator<KeyValueStore> other) {
      return new Plan(rotates, configured, other, network, judges);
    }

    Plan through(Function<RefreshAnswer, RefreshAnswer> other) {
      return new Plan(rotates, configured, store, other, judges);
    }

    Plan withoutJudgement() {
      return new Plan(rotates, configured, store, network, false);
    }
  }

  final Set<String> wrong = new HashSet<>();
  final StrictProvider provider;
  int served;
  int refused;
  int unanswered;
  int kills;
  private final Random chance;
  private final Plan plan;
  private final SettableClock clock = new SettableClock();
  private final Steps steps = new Steps();
  private final KeyValueStore store;
  private final GivenVault given = new GivenVault(clock);
  private final List<Replica> replicas = new ArrayList<>();
  private final Map<String, Set<Grant>> grants = new HashMap<>();
  private final Map<String, Integer> epochs = new HashMap<>();
  private int storeFaults = 60;
  private boolean troubled = true;

  RefreshClusterModel(long seed, Plan plan) {
    this.chance = new Random(seed);
    this.plan = plan;
    this.store = plan.store().apply(new MemoryStore(clock, 1_000));
    this.provider = new StrictProvider(chance, clock, plan.rotates());
    for (int i = 0; i < 3; i++) {
      replicas.add(new Replica());
    }
  }

  /** Everything that went wrong in so many rounds, and when all trouble is over. */
  Set<String> run(int rounds) {
    storeFaults = 0;
    PEOPLE.forEach(person -> logIn(person, true));
    play(0);
    storeFaults = 60;
    for (int i = 0; i < rounds; i++) {
      clock.forward(Duration.ofSeconds(chance.nextInt(150)));
      ask(1 + chance.nextInt(6));
      if (chance.nextInt(25) == 0) {
        logIn(PEOPLE.get(chance.nextInt(3)), chance.nextBoolean());
      }
      play(chance.nextInt(3) == 0 ? 40 : 0);
      tick();
      PEOPLE.forEach(this::lookWhatIsKept);
    }
    recover();
    if (provider.reused > 0) {
      wrong.add("a refresh token was redeemed twice");
    }
    return wrong;
  }

  /** What every process does each second, whoever asks for what. */
  private void tick() {
    for (int i = 0; i < 3; i++) {
      clock.forward(Duration.ofSeconds(1));
      replicas.forEach(replica -> replica.vault.tick());
      play(0);
    }
  }

  private void recover() {
    provider.recover();
    storeFaults = 0;
    troubled = false;
    for (int i = 0; i < 3; i++) {
      clock.forward(Duration.ofMinutes(6));
      ask(6);
      play(0);
    }
    clock.forward(Duration.ofMinutes(6));
    for (var person : PEOPLE) {
      var answer = replicas.get(0).vault.usable(key(person));
      play(0);
      if (!answer.succeeded() && answer.cause() instanceof UnavailableException) {
        wrong.add("an entry is stuck although all is well");
      }
    }
  }

  private void ask(int times) {
    for (int i = 0; i < times; i++) {
      var person = PEOPLE.get(chance.nextInt(3));
      var replica = replicas.get(chance.nextInt(3));
      int epoch = epochs.getOrDefault(person, 0);
      replica
          .vault
          .usable(key(person))
          .onComplete(answer -> judge(person, answer, epoch == epochs.getOrDefault(person, 0)));
    }
  }

  /**
   * @param current whether the person has not logged in anew since the question
   */
  private void judge(String person, AsyncResult<UsableToken> answer, boolean current) {
    if (answer.succeeded()) {
      served++;
      if (provider.isForged(answer.result().value())) {
        wrong.add("a token was handed out that nothing proves");
      }
    } else if (answer.cause() instanceof OAuthException no
        && no.error().code() == ErrorCode.INVALID_TOKEN) {
      if (current) {
        lost(person);
      }
    } else if (!(answer.cause() instanceof UnavailableException)
        && !(answer.cause() instanceof OAuthException)) {
      wrong.add("it fails in an unknown way: " + answer.cause());
    }
  }

  /** The login is over; that must have a reason. The person logs in again. */
  private void lost(String person) {
    var all = grants.get(person);
    if (all.stream().anyMatch(grant -> grant.revoked)) {
      refused++;
    } else if (all.stream().anyMatch(grant -> grant.unanswered)) {
      unanswered++;
    } else {
      wrong.add("a login was lost for nothing");
    }
    logIn(person, true);
  }

  /** When all is quiet, the entry tells which grant the person lives by. */
  private void lookWhatIsKept(String person) {
    done(given.entries(store).read(key(person)))
        .flatMap(entry -> entry.value().tokens().refreshToken())
        .ifPresent(token -> grants.get(person).retainAll(Set.of(provider.grantOf(token))));
  }

  private void logIn(String person, boolean withRefreshToken) {
    var key = key(person);
    var known = grants.computeIfAbsent(person, name -> new HashSet<>());
    var fresh = provider.grant(person);
    epochs.merge(person, 1, Integer::sum);
    if (withRefreshToken) {
      known.add(fresh);
    }
    var login =
        new UpstreamLogin(
            ScriptedUpstream.person(person), provider.tokens(fresh, withRefreshToken));
    replicas
        .get(chance.nextInt(3))
        .vault
        .keep(key, login)
        .onSuccess(
            kept -> {
              epochs.merge(person, 1, Integer::sum);
            });
  }

  /** Lets everything happen; one step of so many is followed by the death of a replica. */
  private void play(int deadly) {
    while (!steps.isEmpty()) {
      steps.one(chance);
      if (deadly > 0 && troubled && chance.nextInt(deadly) == 0) {
        kill(chance.nextInt(3));
      }
    }
  }

  private void kill(int index) {
    kills++;
    steps.kill(replicas.get(index));
    PEOPLE.stream().filter(this::isUnderWay).forEach(this::mayBeUnanswered);
    replicas.set(index, new Replica());
  }

  private boolean isUnderWay(String person) {
    return done(given.entries(store).read(key(person)))
        .flatMap(entry -> entry.value().state().intent())
        .isPresent();
  }

  private void mayBeUnanswered(String person) {
    grants.get(person).forEach(grant -> grant.unanswered = true);
  }

  private static VaultKey key(String person) {
    return new VaultKey("u_" + person, "default", person);
  }

  /** A process: a vault of its own, a view of the store, and connections to the provider. */
  private final class Replica implements QuietUpstream {
    private final Vault vault =
        new Vault(
            given.entries(new ReplicaStore(store, steps, this, chance, () -> storeFaults)),
            () -> Map.of("default", VaultUpstream.of(this, "keyturn", plan.configured())),
            given.means(new Random(chance.nextLong()), this::pause));

    private Future<Void> pause(Duration time) {
      var over = Promise.<Void>promise();
      steps.add(this, over::complete); // A lease is longer than any refresh.
      return over.future();
    }

    @Override
    public Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
      var answer = Promise.<RefreshAnswer>promise();
      var fate = troubled ? chance.nextInt(12) : 99;
      if (fate == 0) {
        steps.add(this, () -> answer.complete(lost(of))); // It never arrived there.
        return answer.future();
      }
      steps.add(
          provider, // What has left arrives, whatever becomes of its sender.
          () -> {
            var made = provider.redeem(old.refreshToken().orElseThrow());
            steps.add(this, () -> answer.complete(fate == 1 ? lost(of) : made));
          });
      return answer.future();
    }

    private RefreshAnswer lost(Identity of) {
      mayBeUnanswered(of.account());
      return plan.network().apply(new RefreshAnswer.Lost());
    }

    @Override
    public Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
      var judgement = Promise.<UpstreamTokens>promise();
      steps.add(
          this,
          () -> {
            if (troubled && chance.nextInt(20) == 0) {
              judgement.fail(new UnavailableException("no keys", Duration.ofSeconds(5)));
            } else if (plan.judges() && provider.isForged(fresh.accessToken())) {
              judgement.fail(ErrorCode.SERVER_ERROR.because(""));
            } else {
              judgement.complete(fresh);
            }
          });
      return judgement.future();
    }
  }
}
