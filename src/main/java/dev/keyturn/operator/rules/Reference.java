package dev.keyturn.operator.rules;

import java.util.Optional;

/**
 * Something else in the namespace that a resource names.
 *
 * @param field where it is named, such as {@code spec.bearerToken.tokenSecretRef}
 * @param key the entry that is meant; empty for a whole object
 */
public record Reference(Kind kind, String name, Optional<String> key, String field) {
  /** What is named. */
  public enum Kind {
    SECRET,
    CONFIG_MAP,
    CONFIG
  }
}
