package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a resource may be acted on, in a word and in a sentence.
 *
 * @param acts whether objects are made of it; otherwise what runs is kept as it is
 */
record Standing(boolean valid, boolean acts, String reason, String message) {
  private static final int MOST = 8;
  private static final int LONGEST = 2_000;

  /** What follows from {@code remarks}. */
  static Standing of(List<Remark> remarks) {
    var refused = remarks.stream().filter(remark -> remark.weight() == Weight.REFUSED).toList();
    if (!refused.isEmpty()) {
      return new Standing(false, false, reason(refused.get(0)), text(refused));
    }
    var pending = remarks.stream().filter(remark -> remark.weight() == Weight.PENDING).toList();
    return pending.isEmpty()
        ? new Standing(true, true, "Valid", "everything that it names is there and usable")
        : new Standing(false, false, reason(pending.get(0)), text(pending));
  }

  private static String reason(Remark remark) {
    var message = remark.message();
    if (message.endsWith("which is not there")) {
      if (message.contains("ConfigMap ")) {
        return "ConfigMapNotFound";
      }
      return message.contains("Secret ") ? "SecretNotFound" : "ConfigNotFound";
    }
    if (message.endsWith("which was there before")) {
      return "IssuerConflict";
    }
    if (message.contains("not supported yet") || message.contains("supported so far")) {
      return "NotSupported";
    }
    return remark.field().equals("spec.replicas") ? "ReplicasRefused" : "Invalid";
  }

  private static String text(List<Remark> remarks) {
    var text = remarks.stream().limit(MOST).map(Remark::toString).collect(Collectors.joining("; "));
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}
