package dev.keyturn.vault;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent;
import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** A vault and what it stands on, with one good default for everything. */
final class GivenVault {
  static final SecureRandom RANDOM = new SecureRandom();
  static final SealingKeys KEYS = SealingKeys.ephemeral(RANDOM);
  static final Duration PROPAGATION = Duration.ofMinutes(2);

  final List<String> audited = new ArrayList<>();
  private final Clock clock;

  GivenVault(Clock clock) {
    this.clock = clock;
  }

  /** Notes {@code kind:outcome}. */
  Audit audit() {
    return (AuditEvent.Kind kind, Map<String, String> details) ->
        audited.add(kind.wire() + ":" + details.getOrDefault("outcome", ""));
  }

  Seals seals(SealingKeys keys) {
    return new Seals(() -> keys, () -> PROPAGATION, clock, audit());
  }

  VaultEntries entries(KeyValueStore store) {
    return new VaultEntries(store, seals(KEYS), () -> Duration.ofDays(30));
  }

  /** Who waits, waits no time. */
  VaultMeans means() {
    return means(time -> Future.succeededFuture());
  }

  /** With chances that can be had again. */
  VaultMeans means(Random chance, Function<Duration, Future<Void>> pause) {
    return new VaultMeans(clock, chance, pause, audit());
  }

  VaultMeans means(Function<Duration, Future<Void>> pause) {
    return new VaultMeans(clock, RANDOM, pause, audit());
  }

  static VaultUpstream at(Upstream upstream) {
    return VaultUpstream.of(upstream, "keyturn", Optional.empty());
  }

  static VaultEntry entry(Identity identity, UpstreamTokens tokens) {
    return new VaultEntry(identity, tokens, RefreshState.of("", Instant.EPOCH));
  }
}
