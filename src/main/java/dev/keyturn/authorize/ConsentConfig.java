package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.config.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether people are asked.
 *
 * @param trusted the {@code client_id}s of those that need not ask
 */
public record ConsentConfig(Mode mode, Set<String> trusted) {
  /** When people are asked. */
  public enum Mode {
    /** At each login. */
    ALWAYS,
    /** Unless they have approved it before, in this browser. */
    REMEMBER,
    /** As in {@link #REMEMBER}, and never for the clients that the operator lists. */
    TRUSTED
  }

  private static final Set<String> WORDS = Set.of("always", "remember", "trusted");

  public ConsentConfig {
    trusted = Set.copyOf(trusted);
  }

  /**
   * Reads the mapping {@code consent}.
   *
   * @param isKnown whether the configuration names a client of that id
   */
  public static Optional<ConsentConfig> from(Settings settings, Predicate<String> isKnown) {
    var mode = Mode.valueOf(settings.word("mode", "remember", WORDS).toUpperCase(Locale.ROOT));
    var trusted =
        settings.texts(
            "trusted_clients",
            id -> mode != Mode.TRUSTED || isKnown.test(id),
            "must be among clients: a stranger is never trusted");
    if (mode != Mode.TRUSTED && !trusted.isEmpty()) {
      settings.refuse("trusted_clients", "needs mode: trusted");
    }
    return settings.build(() -> new ConsentConfig(mode, Set.copyOf(trusted)));
  }

  boolean remembers() {
    return mode != Mode.ALWAYS;
  }

  boolean trusts(Client client) {
    return mode == Mode.TRUSTED && !client.isStranger() && trusted.contains(client.id());
  }
}
