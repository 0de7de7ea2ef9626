package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.Metadata;
import java.util.Optional;
import java.util.Set;

/**
 * A resource that is there and is not understood, such as one of a later version, as far as it
 * concerns others.
 *
 * <p>It is not gone: what was made of it, and of what it names, stays as it is until somebody
 * understands it.
 *
 * @param ties the configs that it names
 * @param issuer the issuer that it wants
 * @param status as it is there
 * @param because what is not understood, without its value
 */
record Unread(
    Key key,
    Metadata metadata,
    Set<String> ties,
    Optional<String> issuer,
    ObjectNode status,
    String because) {
  Unread {
    ties = Set.copyOf(ties);
  }

  /** Whether it is one of the servers that name {@code config}. */
  boolean names(String config) {
    return ties.contains(config);
  }
}
