package dev.keyturn.server;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.bus.Topic;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Consumer;

/** Owns the audit sink. */
final class AuditVerticle extends VerticleBase {
  private final Topic<AuditEvent> topic;
  private final Consumer<AuditEvent> sink;

  AuditVerticle(Topic<AuditEvent> topic, Consumer<AuditEvent> sink) {
    this.topic = topic;
    this.sink = sink;
  }

  @Override
  public Future<?> start() {
    return topic.listen(vertx, sink).completion();
  }
}
