package dev.keyturn.server;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.store.KeyValueStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * What a server works with besides its configuration.
 *
 * @param store where everything is kept that must outlive a request
 * @param crypto what computes signatures
 * @param metrics what the management port shows if it is a Prometheus registry
 * @param auditSink is given every audit event
 */
public record Means(
    KeyValueStore store,
    CryptoProvider crypto,
    MeterRegistry metrics,
    Consumer<AuditEvent> auditSink,
    SecureRandom random,
    Clock clock) {}
