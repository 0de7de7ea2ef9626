package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.VERIFIER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AuthorizationCodesTest {
  private static final String OTHER_VERIFIER = "w".repeat(43);

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 1000));
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private final AuthorizationCode content = GivenSessions.code(given.authorization("openid"));
  private final String code = done(given.codes.issue(content));

  @Test
  void a_code_is_found_with_all_that_it_stands_for() {
    assertThat(done(given.codes.find(code))).contains(content);
  }

  @Test
  void finding_does_not_spend() {
    done(given.codes.find(code));
    assertThat(done(given.codes.spend(code, content))).isTrue();
  }

  @Test
  void a_spent_code_is_not_found() {
    done(given.codes.spend(code, content));
    assertThat(done(given.codes.find(code))).isEmpty();
  }

  @Test
  void a_code_dies_at_the_end_of_its_lifespan() {
    clock.forward(Lifespans.DEFAULT.code());
    assertThat(done(given.codes.find(code))).isEmpty();
  }

  @Test
  void a_code_is_good_until_then() {
    clock.forward(Lifespans.DEFAULT.code().minusMillis(1));
    assertThat(done(given.codes.find(code))).isPresent();
  }

  @Test
  void of_100_threads_that_spend_one_code_one_succeeds() throws Exception {
    var memory = new MemoryStore(clock, 1000);
    var codes = new GivenSessions(memory, clock, Lifespans.DEFAULT).codes;
    var shared = done(codes.issue(content));
    var pool = Executors.newFixedThreadPool(8);
    try {
      Callable<Boolean> spend = () -> done(codes.spend(shared, content));
      var spent = 0;
      for (var outcome : pool.invokeAll(IntStream.range(0, 100).mapToObj(i -> spend).toList())) {
        spent += outcome.get() ? 1 : 0;
      }
      assertThat(spent).isOne();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void in_whatever_order_the_store_works_one_of_100_spends_succeeds() {
    store.hold();
    var all = IntStream.range(0, 100).mapToObj(i -> given.codes.spend(code, content)).toList();
    store.shuffle(new Random(4));
    assertThat(all.stream().map(Future::result).filter(Boolean::booleanValue)).hasSize(1);
  }

  @Test
  void a_replay_is_recognised_even_before_the_code_is_taken() {
    store.hold();
    var spending = given.codes.spend(code, content);
    store.step(0);
    store.step(0);
    var replay = given.codes.replayed(code, CLIENT, VERIFIER);
    store.step(1);
    store.step(1);
    assertThat(spending.isComplete()).isFalse();
    assertThat(replay.result()).contains(content.authorization().sessionId());
  }

  @ParameterizedTest
  @CsvSource({"the-client,right,true", "the-client,wrong,false", "another,right,false"})
  void a_replay_counts_by_the_right_client_with_the_right_verifier(
      String client, String verifier, boolean counts) {
    done(given.codes.spend(code, content));
    var proof = verifier.equals("right") ? VERIFIER : OTHER_VERIFIER;
    assertThat(done(given.codes.replayed(code, client, proof)).isPresent()).isEqualTo(counts);
  }

  @Test
  void a_code_that_was_never_spent_is_no_replay() {
    assertThat(done(given.codes.replayed(code, CLIENT, VERIFIER))).isEmpty();
  }

  @Test
  void a_replay_is_forgotten_with_the_code() {
    done(given.codes.spend(code, content));
    clock.forward(Lifespans.DEFAULT.code().plus(Duration.ofMillis(1)));
    assertThat(done(given.codes.replayed(code, CLIENT, VERIFIER))).isEmpty();
  }
}
