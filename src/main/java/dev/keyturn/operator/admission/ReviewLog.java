package dev.keyturn.operator.admission;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counts reviews by their outcome, and writes down each that was refused.
 *
 * <p>What a review says is not written: whoever reaches the socket could write our log.
 */
final class ReviewLog {
  private static final Logger LOG = LoggerFactory.getLogger(ReviewLog.class);
  private static final String TIMER = "keyturn.admission.review";
  private static final String UNANSWERED = "keyturn.admission.unanswered";

  private final MeterRegistry metrics;

  ReviewLog(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  Timer.Sample begin() {
    return Timer.start(metrics);
  }

  void end(Timer.Sample started, Review review, Verdict verdict) {
    var outcome = verdict.outcome().name().toLowerCase(Locale.ROOT);
    started.stop(metrics.timer(TIMER, "outcome", outcome));
    if (!verdict.allows()) {
      var doubt = verdict.outcome() == Verdict.Outcome.UNAVAILABLE;
      var line =
          LOG.atLevel(doubt ? Level.WARN : Level.INFO)
              .setMessage("refused a change")
              .addKeyValue("uid", review.uid())
              .addKeyValue("outcome", outcome);
      (doubt ? line.addKeyValue("because", verdict.message()) : line).log();
    }
  }

  /** There were too many at once. */
  void busy() {
    metrics.counter(UNANSWERED, "why", "busy").increment();
  }

  /** It was no review. */
  void unread() {
    metrics.counter(UNANSWERED, "why", "unread").increment();
  }
}
