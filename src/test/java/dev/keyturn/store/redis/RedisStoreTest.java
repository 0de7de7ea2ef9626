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
        "NOPERM this user has no permissions|refuses our user or password",
        "NOAUTH Authentication required.|refuses our user or password",
        "WRONGTYPE Operation against a key|gives an answer that makes no sense"
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
    refuses(store.get("code/1"), "gives an answer that makes no sense");
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
