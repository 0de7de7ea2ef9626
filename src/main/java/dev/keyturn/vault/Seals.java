package dev.keyturn.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What entries look like in the store.
 *
 * <p>User, upstream, account and client generation are associated data, so an entry opens only
 * where it belongs. A key that is not known here may only be on its way: for as long as that takes
 * nobody can tell, and then the entry counts as absent, like any other that does not open.
 */
public final class Seals {
  private static final int MAX_REMEMBERED = 1_000;

  private final Supplier<SealingKeys> keys;
  private final Supplier<Duration> propagation;
  private final Clock clock;
  private final Audit audit;
  private final Cache<String, Instant> strangers =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();
  private final Cache<String, Boolean> told =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

  /**
   * @param keys the keys of the moment
   * @param propagation how long a key may take to get here
   */
  public Seals(
      Supplier<SealingKeys> keys, Supplier<Duration> propagation, Clock clock, Audit audit) {
    this.keys = keys;
    this.propagation = propagation;
    this.clock = clock;
    this.audit = audit;
  }

  JsonObject seal(VaultKey key, VaultEntry entry) {
    var generation = entry.state().generation();
    var envelope =
        keys.get()
            .seal(
                EntryJson.of(entry).toBuffer().getBytes(),
                associated(key, Optional.of(generation)));
    return new JsonObject()
        .put("generation", generation)
        .put("sealed", Base64.getEncoder().encodeToString(envelope));
  }

  /** The entry; fails by throwing while its key may still be on its way. */
  Optional<VaultEntry> open(VaultKey key, JsonObject stored) {
    var envelope = envelope(stored);
    envelope.ifPresent(this::requireKnown);
    var opened =
        envelope
            .flatMap(bytes -> keys.get().open(bytes, associated(key, generation(stored))))
            .map(plain -> EntryJson.entry(Buffer.buffer(plain).toJsonObject()))
            .filter(entry -> key.isOf(entry.identity()));
    if (opened.isEmpty()) {
      tell(key);
    }
    return opened;
  }

  /** Whether the key that seals now is another one than that of {@code stored}. */
  boolean isOutdated(JsonObject stored) {
    return envelope(stored).filter(bytes -> !keys.get().isCurrent(bytes)).isPresent();
  }

  private void requireKnown(byte[] envelope) {
    if (keys.get().knows(envelope)) {
      return;
    }
    var now = clock.instant();
    var since = strangers.get(SealingKeys.nameIn(envelope), first -> now);
    var end = since.plus(propagation.get());
    if (now.isBefore(end)) {
      throw new UnavailableException(
          "a vault entry is sealed by a key that is not here yet", Duration.between(now, end));
    }
  }

  private void tell(VaultKey key) {
    if (told.asMap().putIfAbsent(key.id(), true) == null) {
      audit.tell(Kind.VAULT_UNREADABLE, Map.of("upstream", key.upstream(), "entry", key.id()));
    }
  }

  private static Optional<byte[]> envelope(JsonObject stored) {
    try {
      return Optional.of(Base64.getDecoder().decode(stored.getString("sealed", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Somebody else wrote it, which is as good as nothing.
    }
  }

  /** Entries of before had none. */
  private static Optional<String> generation(JsonObject stored) {
    return stored.getValue("generation") instanceof String text
        ? Optional.of(text)
        : Optional.empty();
  }

  private static byte[] associated(VaultKey key, Optional<String> generation) {
    return ("vault " + key.id() + generation.map(text -> " " + text).orElse(""))
        .getBytes(StandardCharsets.UTF_8);
  }
}
