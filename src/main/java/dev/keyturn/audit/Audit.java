package dev.keyturn.audit;

import dev.keyturn.audit.AuditEvent.Kind;
import java.util.Map;

/** Where events are told; it returns at once and never fails its caller. */
@FunctionalInterface
public interface Audit {
  /** Tells nobody. */
  Audit NONE = (kind, details) -> {};

  /** Tells what happened just now. */
  void tell(Kind kind, Map<String, String> details);
}
