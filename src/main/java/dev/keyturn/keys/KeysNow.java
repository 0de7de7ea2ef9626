package dev.keyturn.keys;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.crypto.SealingKeys;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The keys that are in force in this process.
 *
 * <p>What has not changed is the same object as before, so whoever holds it may compare by
 * identity.
 *
 * @param cookies empty where cookie secrets are made from {@code hmac}
 * @param nextChange when the states change by time; the keys must be kept again then at the latest
 * @param problem why the ring is not the newest one: the store is away, or refuses
 */
public record KeysNow(
    SigningKeys signing,
    HmacSecrets hmac,
    Optional<HmacSecrets> cookies,
    SealingKeys vault,
    List<KeyState> states,
    Optional<Instant> nextChange,
    Optional<String> problem) {
  public KeysNow {
    states = List.copyOf(states);
  }
}
