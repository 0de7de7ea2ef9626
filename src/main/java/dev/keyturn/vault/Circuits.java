package dev.keyturn.vault;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/**
 * How long each one in trouble is left alone: longer each time, never long, and by chance a little
 * different in each process. After that one refresh tries, and the others follow.
 *
 * <p>There are those of providers, and those of single accounts. What a provider answers about one
 * account says nothing about the others, so it must not keep them away.
 */
final class Circuits {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration TRIAL = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final int DOUBLINGS = 6;

  private static final int MAX_ACCOUNTS = 10_000;

  private final ConcurrentMap<String, Trouble> troubles;
  private final Clock clock;
  private final RandomGenerator random;

  private Circuits(ConcurrentMap<String, Trouble> troubles, Clock clock, RandomGenerator random) {
    this.troubles = troubles;
    this.clock = clock;
    this.random = random;
  }

  /** Those of providers, of which there are few. */
  static Circuits ofProviders(Clock clock, RandomGenerator random) {
    return new Circuits(new ConcurrentHashMap<>(), clock, random);
  }

  /** Those of accounts, of which the oldest is forgotten if there are too many. */
  static Circuits ofAccounts(Clock clock, RandomGenerator random) {
    var bounded = Caffeine.newBuilder().maximumSize(MAX_ACCOUNTS).<String, Trouble>build();
    return new Circuits(bounded.asMap(), clock, random);
  }

  /** What is said in place of one that is left alone now. */
  Optional<Verdict> open(String name) {
    var now = clock.instant();
    return Optional.ofNullable(troubles.get(name))
        .filter(trouble -> now.isBefore(trouble.until))
        .map(trouble -> trouble.verdict(Duration.between(now, trouble.until)));
  }

  /** Lets a refresh go, alone if it was in trouble; else what is said instead. */
  Optional<Verdict> admit(String name) {
    var now = clock.instant();
    var trouble = troubles.get(name);
    if (trouble == null) {
      return Optional.empty();
    }
    var free = !now.isBefore(trouble.until) && !now.isBefore(trouble.trial);
    return free && troubles.replace(name, trouble, trouble.tried(now.plus(TRIAL)))
        ? Optional.empty()
        : open(name).or(() -> Optional.of(trouble.verdict(SOON)));
  }

  void worked(String name) {
    troubles.remove(name);
  }

  /** Those whose requests were under way at the same time make it no worse. */
  Verdict failed(String name, Verdict.Kind kind, Optional<Duration> asked) {
    var now = clock.instant();
    var trouble =
        troubles.compute(
            name,
            (same, old) -> {
              var times = old == null ? 0 : now.isBefore(old.until) ? old.times : old.times + 1;
              var until = now.plus(asked.orElseGet(() -> pause(times)));
              return old != null && old.until.isAfter(until)
                  ? old
                  : new Trouble(kind, Math.min(times, DOUBLINGS), until, now);
            });
    return trouble.verdict(Duration.between(now, trouble.until));
  }

  private Duration pause(int times) {
    var longest = FIRST.multipliedBy(1L << Math.min(times, DOUBLINGS));
    var capped = longest.compareTo(LONGEST) < 0 ? longest : LONGEST;
    return capped.multipliedBy(50 + random.nextInt(51)).dividedBy(100);
  }

  /**
   * @param times how often in a row it has failed, after the first
   * @param trial until when somebody tries
   */
  private record Trouble(Verdict.Kind kind, int times, Instant until, Instant trial) {
    Trouble tried(Instant end) {
      return new Trouble(kind, times, until, end);
    }

    Verdict verdict(Duration rest) {
      return new Verdict(kind, Optional.empty(), rest);
    }
  }
}
