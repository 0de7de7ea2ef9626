package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refreshes at random, one at a time and two at once, against a model of twenty lines. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RefreshModelTest {
  private static final Lifespans LIVES =
      new Lifespans(
          Duration.ofHours(24), // So long that the store keeps a session whose refresh expired.
          Duration.ofHours(20),
          Duration.ofMinutes(10),
          Duration.ofHours(100),
          Duration.ofSeconds(60),
          Duration.ofHours(12));
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ZERO,
          Duration.ofSeconds(1),
          Duration.ofSeconds(59),
          Duration.ofSeconds(60),
          Duration.ofMillis(60_001),
          Duration.ofHours(1),
          Duration.ofHours(11),
          Duration.ofHours(12),
          Duration.ofMillis(Duration.ofHours(12).toMillis() + 1),
          Duration.ofHours(19),
          Duration.ofHours(20));

  /**
   * What is known of a session: how many tokens it has handed out, when it rotated last, and when
   * its current token and it itself end.
   */
  private record Model(int current, Instant rotated, Instant expires, Instant ends, boolean over) {
    static Model begun(Instant now) {
      return new Model(
          0, Instant.MIN, now.plus(LIVES.refreshToken()), now.plus(LIVES.session()), false);
    }

    /** What it answers to a token: the number of another, or that it refuses. */
    Answer refresh(int token, Instant now) {
      if (over || !now.isBefore(ends) || !now.isBefore(expires)) {
        return new Answer(this, Optional.empty());
      }
      if (token == current) {
        var expiry = now.plus(LIVES.refreshToken());
        var next = new Model(current + 1, now, expiry.isBefore(ends) ? expiry : ends, ends, false);
        return new Answer(next, Optional.of(next.current));
      }
      return token == current - 1 && !now.isAfter(rotated.plus(LIVES.replayWindow()))
          ? new Answer(this, Optional.of(current))
          : new Answer(new Model(current, rotated, expires, ends, true), Optional.empty());
    }
  }

  private record Answer(Model then, Optional<Integer> token) {}

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 1_000_000));
  private final GivenSessions given = new GivenSessions(store, clock, LIVES);
  private final List<String> handedOut = new ArrayList<>();
  private Authorization authorization = given.authorization("mcp:read");
  private Model model = begin();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void sessions_do_what_the_model_does(long seed) {
    var chance = new Random(seed);
    for (int step = 0; step < 2_500; step++) {
      clock.forward(PAUSES.get(chance.nextInt(chance.nextBoolean() ? 3 : PAUSES.size())));
      if (chance.nextInt(3) > 0) {
        one(token(chance), step);
      } else {
        two(token(chance), token(chance), chance, step);
      }
      if (model.over() || !clock.instant().isBefore(model.expires())) {
        assertThat(refresh(handedOut.size() - 1).failed()).isTrue();
        model = begin();
      }
    }
  }

  private Model begin() {
    handedOut.clear();
    authorization = given.authorization("mcp:read");
    var begun = done(given.tokens.begin(authorization, RESOURCE, Optional.empty(), true));
    handedOut.add(begun.refreshToken().orElseThrow());
    return Model.begun(clock.instant());
  }

  /** The current token mostly, the previous one often, an older one sometimes. */
  private int token(Random chance) {
    var back = List.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 3).get(chance.nextInt(11));
    return Math.max(0, model.current() - back);
  }

  private void one(int token, int step) {
    var expected = model.refresh(token, clock.instant());
    var actual = refresh(token);
    assertThat(number(actual)).as("step %d: token %d", step, token).isEqualTo(expected.token());
    model = expected.then();
  }

  /** Two at once must come out as one after the other, in one order or in the other. */
  private void two(int token, int other, Random chance, int step) {
    store.hold();
    var one = refresh(token);
    var two = refresh(other);
    store.shuffle(chance);
    var actual = List.of(number(one), number(two));
    var first = model.refresh(token, clock.instant());
    var second = first.then().refresh(other, clock.instant());
    var turned = model.refresh(other, clock.instant());
    var last = turned.then().refresh(token, clock.instant());
    var inOrder = List.of(first.token(), second.token());
    assertThat(actual)
        .as("step %d: tokens %d and %d at once", step, token, other)
        .isIn(inOrder, List.of(last.token(), turned.token()));
    model = actual.equals(inOrder) ? second.then() : last.then();
  }

  private Future<TokenSet> refresh(int token) {
    return given.tokens.refresh(handedOut.get(token), GivenSessions::everything);
  }

  /** Which one of all refresh tokens it is; one never seen is the newest. */
  private Optional<Integer> number(Future<TokenSet> answer) {
    assertThat(answer.isComplete()).isTrue();
    if (answer.failed()) {
      assertThat(answer.cause()).hasMessageStartingWith("invalid_grant");
      return Optional.empty();
    }
    var token = answer.result().refreshToken().orElseThrow();
    if (!handedOut.contains(token)) {
      handedOut.add(token);
    }
    return Optional.of(handedOut.indexOf(token));
  }
}
