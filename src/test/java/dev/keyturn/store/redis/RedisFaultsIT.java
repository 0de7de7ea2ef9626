package dev.keyturn.store.redis;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.CutProxy;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.redis.RedisConfig.Standalone;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an operation when the network, a replica or the server itself fails. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisFaultsIT {
  private static final String KEY = "code/1";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Buffer ONE = Buffer.buffer("one");
  private static final Buffer TWO = Buffer.buffer("two");

  private final Vertx vertx = Vertx.vertx();
  private RedisLab lab;
  private RedisNode master;
  private RedisNode replica;
  private CutProxy proxy;
  private RedisStore store;
  private RedisStore direct;

  @BeforeAll
  void start(@TempDir Path folder) {
    lab = RedisLab.replicated(folder, 1);
    master = lab.servers().get(0);
    replica = lab.servers().get(1);
    proxy = CutProxy.before(vertx, master.port());
    store =
        GivenRedis.store(
            vertx, new Standalone(new Address("127.0.0.1", proxy.port())), GivenRedis.FOR_ONE);
    direct = GivenRedis.store(vertx, GivenRedis.standalone(lab), GivenRedis.FOR_NOBODY);
  }

  @AfterAll
  void stop() {
    done(vertx.close());
    lab.close();
  }

  /** All scripts are known to the server, so that what is lost is the operation itself. */
  @BeforeEach
  void begin() {
    lab.clear();
    await().until(() -> Outcome.isGood(store.putIfAbsent("warm/1", ONE, MINUTE)));
    await().until(() -> Outcome.isGood(store.take("warm/1")));
    await().until(() -> Outcome.isGood(store.replace("warm/1", 1, ONE, MINUTE)));
    done(direct.put(KEY, ONE, MINUTE));
  }

  private long version() {
    return done(direct.get(KEY)).orElseThrow().version();
  }

  private Buffer value() {
    return done(direct.get(KEY)).orElseThrow().value();
  }

  @Test
  void a_put_whose_answer_is_lost_is_found_by_its_stamp() {
    proxy.loseAnswerTo("two");
    done(store.put(KEY, TWO, MINUTE));
    assertThat(value()).isEqualTo(TWO);
  }

  @Test
  void a_first_put_whose_answer_is_lost_is_known_to_be_the_first() {
    proxy.loseAnswerTo("two");
    assertThat(done(store.putIfAbsent("jti/1", TWO, MINUTE))).isTrue();
    assertThat(done(store.putIfAbsent("jti/1", TWO, MINUTE))).isFalse();
  }

  @Test
  void a_taken_value_whose_answer_is_lost_is_still_given_once() {
    proxy.loseAnswerTo(KEY);
    assertThat(done(store.take(KEY))).contains(ONE);
    assertThat(done(store.take(KEY))).isEmpty();
  }

  @Test
  void a_replacement_whose_answer_is_lost_is_known_to_be_done() {
    proxy.loseAnswerTo("two");
    assertThat(done(store.replace(KEY, version(), TWO, MINUTE))).isTrue();
    assertThat(value()).isEqualTo(TWO);
  }

  @Test
  void a_deletion_whose_answer_is_lost_is_known_to_be_done() {
    var version = version();
    proxy.loseAnswerTo(KEY);
    assertThat(done(store.delete(KEY, version))).isTrue();
    assertThat(done(direct.get(KEY))).isEmpty();
  }

  @Test
  void a_count_whose_answer_is_lost_is_unknown_and_counted_once() {
    done(store.count("quota/1", MINUTE));
    proxy.loseAnswerTo("quota/1");
    assertThat(failed(store.count("quota/1", MINUTE))).isInstanceOf(UnavailableException.class);
    assertThat(done(store.count("quota/1", MINUTE))).isEqualTo(3);
  }

  @Test
  void a_read_whose_answer_is_lost_is_read_again() {
    proxy.loseAnswerTo(KEY);
    assertThat(done(store.get(KEY)).orElseThrow().value()).isEqualTo(ONE);
  }

  /** It may be under way still, so nobody may send it again. */
  @Test
  void a_change_that_is_nowhere_to_be_found_is_unknown_and_never_sent_again() {
    var version = version();
    proxy.loseRequest("two");
    assertThat(failed(store.replace(KEY, version, TWO, MINUTE)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("may or may not have carried out a change");
    assertThat(value()).isEqualTo(ONE);
    assertThat(version()).isEqualTo(version);
  }

  @Test
  void somebody_elses_change_is_not_taken_for_a_lost_one() {
    proxy.loseRequest("two");
    assertThat(failed(store.putIfAbsent(KEY, TWO, MINUTE)))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void connections_that_end_while_nothing_is_under_way_are_not_noticed() {
    for (int i = 0; i < 5; i++) {
      proxy.cut();
      assertThat(done(store.get(KEY)).orElseThrow().value()).isEqualTo(ONE);
    }
  }

  @Test
  void a_slow_network_is_no_fault() {
    proxy.delay(200);
    try {
      assertThat(done(store.replace(KEY, version(), TWO, MINUTE))).isTrue();
    } finally {
      proxy.delay(0);
    }
  }

  @Test
  void a_network_that_hangs_is_left_after_two_seconds_and_found_again() {
    proxy.hang(true);
    try {
      assertThat(failed(store.take(KEY))).isInstanceOf(UnavailableException.class);
      assertThat(store.troubles()).isNotEmpty();
    } finally {
      proxy.hang(false);
    }
    await().until(() -> Outcome.isGood(store.get(KEY)));
    assertThat(done(store.take(KEY))).contains(ONE);
    assertThat(store.troubles()).isEmpty();
  }

  /** It stands, so the client's next try must find it. */
  @Test
  void a_change_that_no_replica_has_is_not_acknowledged_and_stands() throws Exception {
    var version = version();
    signal("STOP", replica);
    try {
      assertThat(failed(store.replace(KEY, version, TWO, MINUTE)))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("has too few replicas that keep up");
      assertThat(value()).isEqualTo(TWO);
      assertThat(store.troubles().values()).containsExactly("has too few replicas that keep up");
    } finally {
      signal("CONT", replica);
    }
    await().until(() -> Outcome.isGood(store.put("other/1", ONE, MINUTE)));
    assertThat(store.troubles()).isEmpty();
  }

  @Test
  void a_change_that_is_acknowledged_lies_in_the_replica() {
    for (int i = 0; i < 200; i++) {
      done(store.put("many/" + i, ONE, MINUTE));
      assertThat(replica.ask("EXISTS", "kt:many/" + i)).isEqualTo(1L);
    }
  }

  /** The answer was lost, and with it whether a replica had the change. */
  @Test
  void a_change_that_is_found_by_its_stamp_waits_for_the_replica_too() throws Exception {
    signal("STOP", replica);
    try {
      proxy.loseAnswerTo("two");
      assertThat(failed(store.put(KEY, TWO, MINUTE))).isInstanceOf(UnavailableException.class);
      assertThat(value()).isEqualTo(TWO);
    } finally {
      signal("CONT", replica);
    }
  }

  @Test
  void another_password_comes_without_a_failure_whoever_learns_of_it_first() {
    var failures = new ArrayList<Throwable>();
    for (var next : new String[] {"second", "third", RedisNode.PASSWORD}) {
      if (next.equals("third")) {
        store.use(GivenRedis.access(next));
        work(failures);
        change(next);
      } else {
        change(next);
        work(failures);
        store.use(GivenRedis.access(next));
      }
      direct.use(GivenRedis.access(next));
      work(failures);
      var before = proxy.connections();
      proxy.cut();
      await().until(() -> Outcome.isGood(store.get(KEY)));
      assertThat(proxy.connections()).isGreaterThan(before);
    }
    assertThat(failures).isEmpty();
  }

  /** The replica goes on with the old one, as one does that is connected already. */
  private void change(String password) {
    master.password(password);
  }

  private void work(List<Throwable> failures) {
    for (int i = 0; i < 50; i++) {
      store.put("work/" + i, ONE, MINUTE).onFailure(failures::add);
      done(store.put("work/" + i, ONE, MINUTE).otherwiseEmpty());
    }
  }

  private static void signal(String name, RedisNode node) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "" + node.pid()).start().waitFor();
  }
}
