package dev.keyturn.store.redis;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.FakeRedis;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.Patience;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.redis.RedisConfig.Place;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that answer as none should, or as the good ones do in bad times. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedisStoreTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Buffer ONE = Buffer.buffer("one");
  private static final String NIL = "$-1\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final FakeRedis redis = FakeRedis.start(vertx);
  private final RedisStore store = store(new RedisConfig.Standalone(at(redis)));

  @AfterEach
  void close() {
    done(vertx.close());
  }

  private RedisStore store(Place place) {
    return GivenRedis.store(vertx, place, GivenRedis.FOR_NOBODY);
  }

  private static Address at(FakeRedis server) {
    return new Address("127.0.0.1", server.port());
  }

  private static String error(String text) {
    return "-" + text + "\r\n";
  }

  /** The first times something else. */
  private static Function<List<String>, String> first(int times, String text, String then) {
    var calls = new AtomicInteger();
    return command -> calls.getAndIncrement() < times ? text : then;
  }

  private void refuses(Future<?> operation, String reason) {
    assertThat(failed(operation))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("the store: 127.0.0.1:" + redis.port() + " " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OOM command not allowed when used memory > 'maxmemory'.|is out of memory",
        "ERR Error running script: @user_script:4: -OOM command not allowed|is out of memory",
        "NOREPLICAS Not enough good replicas to write.|has too few replicas that keep up",
        "MISCONF Redis is configured to save RDB snapshots|cannot write to its disk",
        "NOPERM this user has no permissions|does not give our user every right that it needs",
        "NOPERM User kt has no permissions to run the 'evalsha' command|does not give our user every"
            + " right that it needs: evalsha",
        "NOAUTH Authentication required.|refuses our user or password",
        "WRONGTYPE Operation against a key|has something under a key of ours that this version did"
            + " not write: kt:code/"
      })
  void an_error_that_does_not_pass_is_told_at_once(String text, String reason) {
    redis.answer = command -> error(text);
    refuses(store.take("code/1"), reason);
    assertThat(redis.commands()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOADING Redis is loading the dataset in memory|is loading its data",
        "READONLY You can't write against a read only replica.|is a replica, which takes no changes",
        "ERR Error running script: @user_script:4: -READONLY You can't write|is a replica, which takes"
            + " no changes",
        "CLUSTERDOWN The cluster is down|says that the Cluster is down",
        "BUSY Redis is busy running a script.|is busy with a script",
        "TRYAGAIN Multiple keys request|is moving the key"
      })
  void an_error_that_may_pass_is_tried_again_until_the_time_is_over(String text, String reason) {
    redis.answer = command -> error(text);
    // Where the last answer comes too late, it is not known what became of it.
    await().untilAsserted(() -> refuses(store.take("code/1"), reason));
    assertThat(redis.commands()).hasSizeGreaterThan(2);
  }

  @Test
  void an_error_that_may_pass_is_not_tried_again_at_once() {
    redis.answer = command -> error("LOADING Redis is loading the dataset in memory");
    failed(store.take("code/1"));
    assertThat(redis.commands()).hasSizeLessThan(40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOADING Redis is loading the dataset in memory",
        "READONLY You can't write against a read only replica.",
        "CLUSTERDOWN The cluster is down",
        "MASTERDOWN Link with MASTER is down"
      })
  void what_passes_is_not_seen(String text) {
    redis.answer = first(3, error(text), NIL);
    assertThat(done(store.take("code/1"))).isEmpty();
  }

  @Test
  void a_script_that_the_server_forgot_is_sent_whole() {
    redis.answer =
        command -> command.get(0).equalsIgnoreCase("EVALSHA") ? error("NOSCRIPT No") : ":1\r\n";
    assertThat(done(store.putIfAbsent("code/1", ONE, MINUTE))).isTrue();
    assertThat(redis.count("EVAL")).isEqualTo(1);
  }

  @Test
  void a_server_that_forgets_scripts_for_ever_is_left() {
    redis.answer = command -> error("NOSCRIPT No matching script.");
    refuses(store.putIfAbsent("code/1", ONE, MINUTE), "forgets our scripts");
  }

  @Test
  void a_wrong_password_is_told_at_once() {
    redis.welcome = error("WRONGPASS invalid username-password pair or user is disabled.");
    refuses(store.get("code/1"), "refuses our user or password");
    assertThat(store.troubles())
        .isEqualTo(Map.of("127.0.0.1:" + redis.port(), "refuses our user or password"));
  }

  @Test
  void another_password_is_used_as_soon_as_it_is_known() {
    redis.welcome = error("WRONGPASS invalid username-password pair or user is disabled.");
    failed(store.get("code/1"));
    redis.welcome = "+OK\r\n";
    redis.answer = command -> NIL;
    store.use(GivenRedis.access("another"));
    Patience.await().until(() -> Outcome.isGood(store.get("code/1")));
    assertThat(store.troubles()).isEmpty();
  }

  @Test
  void a_right_that_is_missing_is_told_until_it_is_there_and_keeps_nobody_else() {
    redis.answer =
        command ->
            command.get(0).equalsIgnoreCase("EVALSHA")
                ? error("NOPERM User kt has no permissions to run the 'evalsha' command")
                : NIL;
    failed(store.take("code/1"));
    done(store.get("code/1"));
    assertThat(store.troubles().values())
        .containsExactly("does not give our user every right that it needs: evalsha");
    redis.answer = command -> NIL;
    done(store.take("code/1"));
    assertThat(store.troubles()).isEmpty();
  }

  private static String named(int master) {
    var port = String.valueOf(master);
    return "*2\r\n$9\r\n127.0.0.1\r\n$" + port.length() + "\r\n" + port + "\r\n";
  }

  private RedisStore watchedBy(FakeRedis sentinel) {
    return store(new RedisConfig.Sentinel("lab", List.of(at(sentinel)), 0));
  }

  @Test
  void sentinels_that_know_no_such_set_are_told_so() {
    redis.answer = command -> "*-1\r\n";
    assertThat(failed(watchedBy(redis).get("code/1")))
        .hasMessage("the store: every Sentinel of lab knows no set of that name");
  }

  @Test
  void sentinels_that_were_in_trouble_are_well_when_they_name_a_master() {
    var sentinel = FakeRedis.start(vertx);
    var watched = watchedBy(sentinel);
    sentinel.answer = command -> "*-1\r\n";
    failed(watched.get("code/1"));
    sentinel.answer = command -> named(redis.port());
    redis.answer = command -> NIL;
    await().until(() -> Outcome.isGood(watched.get("code/1")));
    assertThat(watched.troubles()).isEmpty();
  }

  @Test
  void a_master_that_was_is_in_no_trouble_when_there_is_another() {
    var sentinel = FakeRedis.start(vertx);
    var watched = watchedBy(sentinel);
    var gone = FreePorts.next();
    sentinel.answer = command -> named(gone);
    failed(watched.get("code/1"));
    assertThat(watched.troubles()).containsOnlyKeys("127.0.0.1:" + gone);
    sentinel.answer = command -> named(redis.port());
    redis.answer = command -> NIL;
    await().until(() -> Outcome.isGood(watched.get("code/1")));
    assertThat(watched.troubles()).isEmpty();
  }

  private String slots(int first, int last) {
    var owner = "*2\r\n$9\r\n127.0.0.1\r\n:" + redis.port() + "\r\n";
    return "*1\r\n*3\r\n:" + first + "\r\n:" + last + "\r\n" + owner;
  }

  private Function<List<String>, String> mapped(String slots) {
    return command -> command.get(0).equalsIgnoreCase("CLUSTER") ? slots : NIL;
  }

  @Test
  void a_hole_in_the_map_of_a_cluster_is_seen_to_be_mended() {
    var slot = Slots.of("kt:code/1");
    redis.answer = mapped(slots(slot + 1, Slots.COUNT - 1));
    var cluster = store(new RedisConfig.Cluster(at(redis)));
    assertThat(failed(cluster.get("code/1"))).hasMessageContaining("the Cluster is down");
    redis.answer = mapped(slots(0, Slots.COUNT - 1));
    await().until(() -> Outcome.isGood(cluster.get("code/1")));
    assertThat(cluster.troubles()).isEmpty();
  }

  @Test
  void a_hole_in_the_map_of_a_cluster_is_told_while_it_is_there() {
    var slot = Slots.of("kt:code/1");
    redis.answer = mapped(slots(0, slot - 1));
    var cluster = store(new RedisConfig.Cluster(at(redis)));
    failed(cluster.get("code/1"));
    var covered = "code/" + covered(slot);
    await().until(() -> Outcome.isGood(cluster.get(covered)));
    assertThat(cluster.troubles()).containsOnlyKeys("the Cluster");
  }

  /** A name whose slot lies below. */
  private static int covered(int end) {
    return IntStream.iterate(2, i -> i + 1)
        .filter(i -> Slots.of("kt:code/" + i) < end)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_cluster_that_refuses_our_password_is_not_told_to_be_away() {
    redis.welcome = error("WRONGPASS invalid username-password pair or user is disabled.");
    assertThat(failed(store(new RedisConfig.Cluster(at(redis))).get("code/1")))
        .hasMessage("the store: the Cluster refuses our user or password");
  }

  @Test
  void a_key_that_is_sent_around_in_a_ring_is_given_up() {
    redis.answer = command -> error("MOVED 1 127.0.0.1:" + redis.port());
    refuses(store.take("code/1"), "says again and again that the key is elsewhere");
    assertThat(redis.commands().size()).isLessThan(200);
  }

  @Test
  void a_key_that_moved_is_asked_for_where_it_is() {
    var other = FakeRedis.start(vertx);
    other.answer = command -> NIL;
    redis.answer = command -> error("MOVED 1 127.0.0.1:" + other.port());
    assertThat(done(store.take("code/1"))).isEmpty();
    assertThat(other.count("ASKING")).isZero();
  }

  @Test
  void a_key_that_is_moving_is_asked_for_politely() {
    var other = FakeRedis.start(vertx);
    other.answer = command -> command.get(0).equalsIgnoreCase("ASKING") ? "+OK\r\n" : NIL;
    redis.answer = command -> error("ASK 1 127.0.0.1:" + other.port());
    assertThat(done(store.take("code/1"))).isEmpty();
    assertThat(other.count("ASKING")).isEqualTo(1);
  }

  @Test
  void a_cluster_is_asked_again_who_has_what_when_a_key_has_moved() {
    var other = FakeRedis.start(vertx);
    other.answer = command -> NIL;
    var owner = new AtomicInteger(redis.port());
    redis.answer =
        command ->
            command.get(0).equalsIgnoreCase("CLUSTER")
                ? "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:" + owner.get() + "\r\n"
                : error("MOVED 1 127.0.0.1:" + other.port());
    var cluster = store(new RedisConfig.Cluster(at(redis)));
    owner.set(redis.port());
    done(cluster.get("code/1"));
    owner.set(other.port());
    done(cluster.get("code/1"));
    done(cluster.get("code/1"));
    assertThat(redis.count("CLUSTER")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+PONG\r\n", ":7\r\n", "$3\r\nabc\r\n", "*0\r\n", "$-1\r\n"})
  void an_answer_to_another_question_is_refused(String text) {
    redis.answer = command -> text;
    refuses(store.putIfAbsent("code/1", ONE, MINUTE), "gives an answer that makes no sense");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "$5\r\nab", "$", "*3\r\n:1\r\n"})
  void a_change_that_is_answered_by_garbage_or_by_half_is_unknown_and_not_repeated(String text) {
    redis.answer = command -> text;
    assertThat(failed(store.count("quota/1", MINUTE))).isInstanceOf(UnavailableException.class);
    assertThat(redis.commands()).hasSize(1);
  }

  @Test
  void a_server_that_does_not_answer_is_given_up_after_two_seconds() {
    redis.answer = command -> "";
    assertThat(taken(() -> refuses(store.get("code/1"), "does not answer in time")))
        .isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(10));
  }

  private static Duration taken(Runnable what) {
    var begin = System.nanoTime();
    what.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Test
  void a_server_that_is_not_there_is_told() {
    var port = FreePorts.next();
    var away = store(new RedisConfig.Standalone(new Address("127.0.0.1", port)));
    assertThat(failed(away.get("code/1")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("127.0.0.1:" + port + " cannot be reached");
  }

  @Test
  void a_value_that_another_version_wrote_is_refused() {
    redis.answer = command -> "$18\r\n\u0003" + "s".repeat(16) + "v\r\n";
    refuses(
        store.get("code/1"),
        "has something under a key of ours that this version did not write: kt:code/");
    assertThat(store.troubles()).as("it says nothing about the server").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "caf\u00e9", "line\nbreak"})
  void a_key_that_could_be_taken_for_another_is_a_mistake(String key) {
    assertThatThrownBy(() -> store.get(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_value_that_is_too_long_is_a_mistake() {
    var long1 = Buffer.buffer(new byte[Operations.MAX_VALUE + 1]);
    assertThatThrownBy(() -> store.put("code/1", long1, MINUTE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_closed_store_is_away() {
    done(store.close());
    assertThat(failed(store.get("code/1"))).isInstanceOf(UnavailableException.class);
  }
}
