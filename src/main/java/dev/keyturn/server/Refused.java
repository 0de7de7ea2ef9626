package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Limit;
import dev.keyturn.http.RateLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/**
 * Counts each request that was one too many, and tells of the first of a minute.
 *
 * <p>An event for each would let whoever floods us flood the log too.
 */
record Refused(MeterRegistry metrics, Audit audit) implements RateLimits.Listener {
  @Override
  public void refused(Limit limit, String who, boolean first) {
    metrics.counter("keyturn.limited", "limit", limit.wire()).increment();
    if (first) {
      audit.tell(Kind.LIMIT_REACHED, Map.of("limit", limit.wire(), "who", who));
    }
  }
}
