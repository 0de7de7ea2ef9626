package dev.keyturn.vault;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Refreshes what is in use before it ends, a few at once for each provider, so that nobody waits
 * and no provider that is slow keeps the others waiting.
 */
final class Proactive {
  private static final int AT_ONCE = 64;
  private static final int AT_ONE_PROVIDER = 8;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Map<String, Integer> running = new ConcurrentHashMap<>();
  private final Workings workings;
  private final Access access;
  private final InUse inUse;

  Proactive(Workings workings, Access access, InUse inUse) {
    this.workings = workings;
    this.access = access;
    this.inUse = inUse;
  }

  /** Begins what is due. */
  void tick() {
    inUse.due(AT_ONCE).forEach(this::begin);
  }

  private void begin(InUse.Due due) {
    var upstream = due.key().upstream();
    if (running.merge(upstream, 1, Integer::sum) > AT_ONE_PROVIDER) {
      running.merge(upstream, -1, Integer::sum);
      inUse.postpone(due, SOON);
      return;
    }
    access
        .refresh(due.key(), Demand.ahead(workings.now(), due.ahead()))
        .onSuccess(verdict -> comeBack(due, verdict))
        .onComplete(done -> running.merge(upstream, -1, Integer::sum));
  }

  private void comeBack(InUse.Due due, Verdict verdict) {
    if (verdict.is(Verdict.Kind.AWAY) || verdict.is(Verdict.Kind.UNUSABLE)) {
      inUse.postpone(due, verdict.retryAfter().plus(SOON));
    }
  }
}
