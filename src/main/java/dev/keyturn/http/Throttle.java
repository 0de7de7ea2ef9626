package dev.keyturn.http;

import dev.keyturn.oauth.ThrottledException;

/** Lets somebody do something so often and no more; one {@link Limit} at work. */
public interface Throttle {
  /** Lets everybody do everything. */
  Throttle NONE =
      new Throttle() {
        @Override
        public void admit(String who) {
          // Nobody counts.
        }

        @Override
        public void requireOpen(String who) {
          // Nobody counts.
        }
      };

  /**
   * Counts what {@code who} does now.
   *
   * @throws ThrottledException if it is one too many, which is not counted
   */
  void admit(String who);

  /**
   * Looks only.
   *
   * @throws ThrottledException if {@link #admit} would
   */
  void requireOpen(String who);
}
