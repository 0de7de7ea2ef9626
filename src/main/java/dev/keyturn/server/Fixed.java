package dev.keyturn.server;

import dev.keyturn.oauth.Issuer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What only a restart can change, as the configuration says it.
 *
 * @param browser where browsers find us
 */
public record Fixed(Issuer issuer, Issuer browser, Listen listen, StorageConfig storage) {
  /**
   * Compares a configuration with what runs: a setting that would need a restart stays as it is,
   * and its name is noted.
   */
  static final class Holder {
    private final Optional<Fixed> running;
    private final List<String> pending = new ArrayList<>();

    /**
     * @param running empty at the start, when nothing is fixed yet
     */
    Holder(Optional<Fixed> running) {
      this.running = running;
    }

    /** The value that is in force. */
    <T> T hold(String setting, T read, Function<Fixed, T> fixed) {
      var held = running.map(fixed).orElse(read);
      if (!held.equals(read)) {
        pending.add(setting);
      }
      return held;
    }

    Optional<Fixed> running() {
      return running;
    }

    /** The settings that wait for a restart. */
    List<String> pending() {
      return List.copyOf(pending);
    }
  }
}
