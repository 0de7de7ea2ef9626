package dev.keyturn.operator.admission;

import java.nio.file.Path;
import java.util.Set;

/**
 * Where the webhook listens, and for whom.
 *
 * @param port 0 for any free one
 * @param tls the mounted Secret with {@code tls.crt} and {@code tls.key}
 * @param namespaces which ones are judged; empty for all
 */
public record Webhook(String host, int port, Path tls, Set<String> namespaces) {
  public Webhook {
    namespaces = Set.copyOf(namespaces);
  }
}
