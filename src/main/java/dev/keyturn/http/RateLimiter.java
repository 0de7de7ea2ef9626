package dev.keyturn.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Counts for each key, and tells how long one that is too fast must wait: a leaky bucket as a
 * meter.
 *
 * <p>All that is kept of a key is when its bucket will be empty again. A whole minute's worth may
 * come at once. There are at most {@link #CAPACITY} keys: whoever comes from more addresses than
 * that is bounded by something else, and nobody else must pay for it with memory.
 */
final class RateLimiter {
  static final int CAPACITY = 20_000;
  private static final long PERIOD = Duration.ofMinutes(1).toNanos();

  private final Clock clock;
  private final Cache<String, Bucket> buckets;

  RateLimiter(Clock clock) {
    this.clock = clock;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(CAPACITY)
            .expireAfterWrite(PERIOD, TimeUnit.NANOSECONDS)
            .ticker(this::now)
            .executor(Runnable::run)
            .build();
  }

  /**
   * Whether {@code key} may go on.
   *
   * @param perMinute how often it may
   * @param counts whether it does, if it may
   */
  Verdict judge(String key, int perMinute, boolean counts) {
    var now = now();
    var interval = PERIOD / perMinute;
    return buckets
        .asMap()
        .compute(
            key,
            (same, old) -> {
              var bucket = old == null ? new Bucket(now, now, Verdict.FREE) : old;
              return bucket.judge(now, interval, counts);
            })
        .verdict();
  }

  /** How many keys are held. */
  long size() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }

  private long now() {
    var instant = clock.instant();
    return Math.addExact(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()), instant.getNano());
  }

  /**
   * What became of one request.
   *
   * @param nanos to wait; 0 if it was let in
   * @param first whether it is the first one of this minute that was not
   */
  record Verdict(long nanos, boolean first) {
    static final Verdict FREE = new Verdict(0, false);

    boolean isFree() {
      return nanos == 0;
    }

    Duration time() {
      return Duration.ofNanos(nanos);
    }
  }

  /**
   * The state of one key.
   *
   * @param emptyAt when everything that was let in has leaked out
   * @param quietUntil until when a refusal is no news
   * @param verdict what became of the last request
   */
  private record Bucket(long emptyAt, long quietUntil, Verdict verdict) {
    Bucket judge(long now, long interval, boolean counts) {
      // A clock that was set back must not shut anybody out for longer than a minute.
      var level = Math.min(Math.max(emptyAt, now), now + PERIOD);
      var wait = level - now - (PERIOD - interval);
      if (wait > 0) {
        var first = now >= quietUntil || quietUntil > now + PERIOD;
        return new Bucket(level, first ? now + PERIOD : quietUntil, new Verdict(wait, first));
      }
      return new Bucket(counts ? level + interval : level, quietUntil, Verdict.FREE);
    }
  }
}
