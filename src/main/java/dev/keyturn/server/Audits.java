package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent;
import dev.keyturn.bus.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Counts each event and announces it on the bus. */
final class Audits implements Audit {
  private final Vertx vertx;
  private final Topic<AuditEvent> topic;
  private final MeterRegistry metrics;
  private final Clock clock;

  Audits(Vertx vertx, Topic<AuditEvent> topic, MeterRegistry metrics, Clock clock) {
    this.vertx = vertx;
    this.topic = topic;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void tell(AuditEvent.Kind kind, Map<String, String> details) {
    var outcome = Optional.ofNullable(details.get("outcome")).orElse("");
    metrics.counter("keyturn.events", "event", kind.wire(), "outcome", outcome).increment();
    if (kind == AuditEvent.Kind.UPSTREAM_REFRESHED) {
      var upstream = Optional.ofNullable(details.get("upstream")).orElse("");
      metrics
          .counter("keyturn.upstream.refreshes", "upstream", upstream, "outcome", outcome)
          .increment();
    }
    topic.announce(vertx, new AuditEvent(kind, clock.instant(), details));
  }
}
