package dev.keyturn.vault;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The entries that requests of this process use, and when each should be refreshed: some time
 * before its token ends, by chance a little earlier, so that not all come at once.
 *
 * <p>Who was not asked for since the last refresh is let go. It is bounded: an entry for which
 * there is no room is refreshed when somebody waits for it.
 */
final class InUse {
  private static final int MAX = 20_000;
  private static final Duration LONGEST_LEAD = Duration.ofMinutes(5);

  private final Map<VaultKey, Watched> watched = new ConcurrentHashMap<>();
  private final Clock clock;
  private final RandomGenerator random;

  InUse(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** Notes when the tokens of {@code entry} end; that they are used is to be told yet. */
  void opened(VaultKey key, VaultEntry entry) {
    if (entry.tokens().expiresAt().isEmpty() || entry.tokens().refreshToken().isEmpty()) {
      watched.remove(key);
    } else if (watched.size() < MAX || watched.containsKey(key)) {
      var lead = lead(entry);
      var ahead = lead.plus(lead.multipliedBy(random.nextInt(100)).dividedBy(200));
      var end = entry.tokens().expiresAt().get();
      watched.put(key, new Watched(end.minus(ahead), ahead, end, false));
    }
  }

  void used(VaultKey key) {
    watched.computeIfPresent(
        key, (k, now) -> now.used ? now : new Watched(now.due, now.ahead, now.end, true));
  }

  /** Comes back to an entry whose refresh has failed, unless its token has ended by then. */
  void postpone(Due due, Duration time) {
    var then = clock.instant().plus(time);
    if (then.isBefore(due.end)) {
      watched.putIfAbsent(due.key, new Watched(then, due.ahead, due.end, true));
    }
  }

  /** Takes out those that are due, {@code most} at most; those that nobody uses go for good. */
  List<Due> due(int most) {
    var now = clock.instant();
    return watched.entrySet().stream()
        .filter(one -> !now.isBefore(one.getValue().due))
        .map(one -> Map.entry(one.getKey(), one.getValue()))
        .limit(most)
        .toList()
        .stream()
        .filter(one -> watched.remove(one.getKey(), one.getValue()) && one.getValue().used)
        .map(one -> new Due(one.getKey(), one.getValue().ahead, one.getValue().end))
        .toList();
  }

  private static Duration lead(VaultEntry entry) {
    var fifth = entry.life().orElse(Duration.ZERO).dividedBy(5);
    return fifth.compareTo(LONGEST_LEAD) < 0 ? fifth : LONGEST_LEAD;
  }

  /**
   * An entry that should be refreshed.
   *
   * @param ahead how long before its token ends
   * @param end of its token
   */
  record Due(VaultKey key, Duration ahead, Instant end) {}

  private record Watched(Instant due, Duration ahead, Instant end, boolean used) {}
}
