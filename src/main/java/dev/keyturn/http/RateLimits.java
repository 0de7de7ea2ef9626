package dev.keyturn.http;

import dev.keyturn.oauth.ThrottledException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Every {@link Limit} of this process, with what has been counted.
 *
 * <p>It outlives a change of the configuration, which holds from the next request on. Other
 * replicas count for themselves; what must be bounded for all of them together is a quota of the
 * store.
 */
public final class RateLimits {
  private final Map<Limit, RateLimiter> limiters = new EnumMap<>(Limit.class);
  private final Supplier<Map<Limit, Integer>> perMinute;
  private final Listener listener;

  /**
   * @param perMinute how often at the moment; a limit that is missing or 0 is off
   * @param listener is told of each refusal
   */
  public RateLimits(Clock clock, Supplier<Map<Limit, Integer>> perMinute, Listener listener) {
    for (var limit : Limit.values()) {
      limiters.put(limit, new RateLimiter(clock));
    }
    this.perMinute = perMinute;
    this.listener = listener;
  }

  /** The one limit, at work. */
  public Throttle of(Limit limit) {
    return new Throttle() {
      @Override
      public void admit(String who) {
        judge(limit, who, true);
      }

      @Override
      public void requireOpen(String who) {
        judge(limit, who, false);
      }
    };
  }

  /** How many are being counted. */
  public long size(Limit limit) {
    return limiter(limit).size();
  }

  private void judge(Limit limit, String who, boolean counts) {
    var most = perMinute.get().getOrDefault(limit, 0);
    if (most <= 0) {
      return;
    }
    var verdict = limiter(limit).judge(who, most, counts);
    if (!verdict.isFree()) {
      listener.refused(limit, who, verdict.first());
      throw new ThrottledException(verdict.time());
    }
  }

  private RateLimiter limiter(Limit limit) {
    var limiter = limiters.get(limit);
    if (limiter == null) {
      throw new IllegalStateException("no limiter for " + limit);
    }
    return limiter;
  }

  /** Is told of each refusal. */
  @FunctionalInterface
  public interface Listener {
    /**
     * One request was too many.
     *
     * @param first whether it is the first one of {@code who} within a minute
     */
    void refused(Limit limit, String who, boolean first);
  }
}
