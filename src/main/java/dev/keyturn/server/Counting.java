package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.upstream.ClientProof;
import dev.keyturn.upstream.EnrolmentNews;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** Counts and audits what the owners of identity providers tell of who we are there. */
record Counting(MeterRegistry metrics, Audit audit) {
  private static final String UPSTREAM = "upstream";
  private static final String OUTCOME = "outcome";

  void count(ClientProof proof) {
    metrics
        .counter(
            "keyturn.upstream.client.proofs",
            UPSTREAM,
            proof.upstream(),
            OUTCOME,
            proof.outcome().wire())
        .increment();
  }

  void tell(EnrolmentNews news) {
    metrics
        .counter(
            "keyturn.upstream.registrations",
            UPSTREAM,
            news.upstream(),
            OUTCOME,
            news.outcome().wire())
        .increment();
    audit.tell(
        Kind.UPSTREAM_REGISTERED,
        Map.of(UPSTREAM, news.upstream(), OUTCOME, news.outcome().wire()));
  }
}
