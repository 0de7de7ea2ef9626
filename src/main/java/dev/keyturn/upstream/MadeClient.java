package dev.keyturn.upstream;

import dev.keyturn.upstream.EnrolmentNews.Outcome;
import java.time.Instant;
import java.util.Optional;

/**
 * A client that the provider has just given, and that is to be written down.
 *
 * @param old the one that it follows
 */
record MadeClient(EnrolledClient client, Optional<EnrolledClient> old, Outcome outcome) {
  /** Whether the record has it. */
  boolean isIn(EnrolmentRecord record) {
    return record
        .named(client.id())
        .filter(known -> known.credentials().equals(client.credentials()))
        .isPresent();
  }

  /** Whether another replica has come before, so that this one is not needed. */
  boolean isLate(EnrolmentRecord record, Instant now) {
    var current = record.of(client.purpose(), now);
    return current.isPresent() && !current.equals(old);
  }

  /** The record with it; one that the provider does not know any more is not kept. */
  EnrolmentRecord into(EnrolmentRecord record, Instant now) {
    var rest =
        outcome == Outcome.ANEW
            ? old.map(gone -> record.without(gone.id(), now)).orElse(record)
            : record;
    return rest.with(client, now);
  }
}
