package dev.keyturn.server;

import dev.keyturn.keys.KeyState;
import java.time.Instant;
import java.util.List;

/**
 * A key or secret is in another state.
 *
 * @param states where each of them stands now; ids and times, nothing of the keys
 */
public record KeysChanged(Instant at, List<KeyState> states) {
  public KeysChanged {
    states = List.copyOf(states);
  }
}
