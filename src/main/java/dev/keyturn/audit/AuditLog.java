package dev.keyturn.audit;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each event as one line of JSON to the log of the name {@code keyturn.audit}. */
public final class AuditLog implements Consumer<AuditEvent> {
  private static final Logger LOG = LoggerFactory.getLogger("keyturn.audit");

  @Override
  public void accept(AuditEvent event) {
    LOG.info("{}", event.toJson().encode());
  }
}
