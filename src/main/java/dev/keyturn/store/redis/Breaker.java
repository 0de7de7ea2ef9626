package dev.keyturn.store.redis;

import java.util.Optional;

/**
 * Lets one operation at a time find out whether a server is back, so that all others fail at once
 * meanwhile. For one event loop only.
 */
final class Breaker {
  /** Between two operations that find out, in nanoseconds. */
  static final long PAUSE = 100_000_000L;

  private Optional<TroubleException> open = Optional.empty();
  private boolean trying;
  private long tried;

  /** Why an operation is not to be tried at all. */
  Optional<TroubleException> refusal(long nanos) {
    if (open.isEmpty()) {
      return Optional.empty();
    }
    if (trying || nanos - tried < PAUSE) {
      return open;
    }
    trying = true;
    return Optional.empty();
  }

  /** An operation was carried out, or failed for a reason of its own. */
  void close() {
    open = Optional.empty();
    trying = false;
  }

  /** What became of an operation is not known, which says nothing about the server. */
  void leave(long nanos) {
    trying = false;
    tried = nanos;
  }

  /** An operation failed as all others would. */
  void open(TroubleException why, long nanos) {
    open = Optional.of(why);
    trying = false;
    tried = nanos;
  }
}
