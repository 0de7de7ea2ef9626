package dev.keyturn.vault;

import dev.keyturn.audit.AuditEvent.Kind;
import java.time.Instant;
import java.util.Map;

/**
 * What all refreshes of one vault share.
 *
 * @param circuits the providers that are in trouble
 * @param accounts the accounts of which their provider says what nobody understands
 */
record Workings(
    VaultEntries entries,
    Unsettled unsettled,
    Leases leases,
    Circuits circuits,
    Circuits accounts,
    Rotations rotations,
    VaultMeans means) {
  static Workings of(VaultEntries entries, VaultMeans means) {
    return new Workings(
        entries,
        new Unsettled(entries, means.clock()),
        new Leases(entries.store(), means.random()),
        Circuits.ofProviders(means.clock(), means.random()),
        Circuits.ofAccounts(means.clock(), means.random()),
        new Rotations(),
        means);
  }

  Instant now() {
    return means.clock().instant();
  }

  void tell(VaultKey key, RefreshOutcome outcome) {
    means
        .audit()
        .tell(
            Kind.UPSTREAM_REFRESHED, Map.of("upstream", key.upstream(), "outcome", outcome.wire()));
  }
}
