package dev.keyturn.store.redis;

import java.time.Duration;

/** Counts what a store does. It is called on any event loop. */
@FunctionalInterface
public interface StoreWatch {
  /**
   * An operation has ended.
   *
   * @param outcome {@code done}, or the kind of trouble, such as {@code timeout}
   */
  void ended(String operation, String outcome, Duration took);
}
