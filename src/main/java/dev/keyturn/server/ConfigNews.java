package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.config.Finding;
import dev.keyturn.keys.KeyState;
import dev.keyturn.keys.KeysNow;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells everybody what became of a change: the log, the audit, the metrics, the bus and readiness.
 *
 * <p>What it tells are numbers, names of settings and reasons, never any content.
 */
final class ConfigNews {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigNews.class);
  private static final String CHANGES = "keyturn.config.changes";

  private final Vertx vertx;
  private final BusNames names;
  private final Means means;
  private final Audit audit;
  private final Readiness readiness;
  private final AtomicInteger refused = new AtomicInteger();
  private final MultiGauge gauges;

  ConfigNews(Vertx vertx, BusNames names, Means means, Audit audit, Readiness readiness) {
    this.vertx = vertx;
    this.names = names;
    this.means = means;
    this.audit = audit;
    this.readiness = readiness;
    this.gauges =
        MultiGauge.builder("keyturn.key")
            .description("1 for each key that is known, by its state")
            .register(means.metrics());
    Gauge.builder("keyturn.config.refused", refused, AtomicInteger::get)
        .description("1 while the configuration or its files are refused and older ones go on")
        .register(means.metrics());
  }

  /** What is in force at the start. */
  void started(InForce now) {
    readiness.note(now);
    keys(List.of(), now.keys());
  }

  /** Something else is in force now. */
  void changed(InForce before, InForce now) {
    readiness.note(now);
    if (!now.keys().states().equals(before.keys().states())) {
      keys(before.keys().states(), now.keys());
    }
    if (now.generation() != before.generation()) {
      configuration(now);
    }
    var news =
        new ConfigChanged(now.generation(), means.clock().instant(), now.config().pendingRestart());
    names.configChanged().announce(vertx, news);
  }

  private void configuration(InForce now) {
    var pending = now.config().pendingRestart();
    count("accepted");
    LOG.atInfo()
        .setMessage("configuration in force")
        .addKeyValue("generation", now.generation())
        .addKeyValue("pending_restart", pending)
        .log();
    audit.tell(Kind.CONFIG_CHANGED, Map.of("generation", String.valueOf(now.generation())));
  }

  /** What the files say now was refused; what was in force goes on. */
  void refused(List<Finding> findings) {
    var reasons = findings.stream().map(Finding::toString).toList();
    refused.set(1);
    readiness.refuse(reasons);
    count("rejected");
    reasons.forEach(
        reason ->
            LOG.atError()
                .setMessage("configuration refused, the last good one goes on")
                .addKeyValue("reason", reason)
                .log());
    audit.tell(Kind.CONFIG_REJECTED, Map.of("reasons", String.valueOf(reasons.size())));
    names.configRejected().announce(vertx, new ConfigRejected(means.clock().instant(), reasons));
  }

  /** What the files say is good again. */
  void recovered() {
    if (refused.getAndSet(0) == 1) {
      readiness.refuse(List.of());
      LOG.atInfo().setMessage("configuration is good again").log();
    }
  }

  /** Tells of each key that is in another state than before. */
  private void keys(List<KeyState> before, KeysNow now) {
    now.states().stream().filter(state -> !before.contains(state)).forEach(this::tell);
    gauges.register(
        now.states().stream()
            .map(state -> MultiGauge.Row.of(tags(state), 1))
            .collect(Collectors.toList()),
        true);
    names.keysChanged().announce(vertx, new KeysChanged(means.clock().instant(), now.states()));
  }

  private void tell(KeyState state) {
    var level = state.note().isEmpty() ? Level.INFO : Level.WARN;
    LOG.atLevel(level)
        .setMessage("key")
        .addKeyValue("kind", state.kind().wire())
        .addKeyValue("id", state.id())
        .addKeyValue("state", state.state().wire())
        .addKeyValue("until", state.until().map(Instant::toString).orElse(""))
        .addKeyValue("note", state.note())
        .log();
    audit.tell(
        Kind.KEY_CHANGED,
        Map.of(
            "kind", state.kind().wire(),
            "key", state.id(),
            "outcome", state.state().wire()));
  }

  private static Tags tags(KeyState state) {
    return Tags.of(
        "kind", state.kind().wire(),
        "id", state.id(),
        "algorithm", state.algorithm(),
        "state", state.state().wire());
  }

  private void count(String outcome) {
    means.metrics().counter(CHANGES, "outcome", outcome).increment();
  }
}
