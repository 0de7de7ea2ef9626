package dev.keyturn.operator.reconcile;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.Metadata;
import dev.keyturn.operator.api.Resources;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A resource as it was read: understood, or {@link Unread}.
 *
 * @param value empty where it is not understood
 */
record Reading<T>(Metadata metadata, Optional<T> value, Optional<Unread> unread) {
  private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
  private static final String STATUS = "status";

  /** Reads a resource; a status that is not understood is as if it were not there. */
  static <T> Reading<T> of(
      Kind kind, JsonNode tree, Class<T> type, Function<T, Metadata> metadata) {
    var resources = new Resources();
    try {
      return understood(resources.read(tree, type), metadata);
    } catch (IllegalArgumentException e) {
      return withoutStatus(resources, (ObjectNode) tree, type, metadata)
          .orElseGet(() -> not(kind, tree, where(e)));
    }
  }

  private static <T> Reading<T> understood(T value, Function<T, Metadata> metadata) {
    return new Reading<>(metadata.apply(value), Optional.of(value), Optional.empty());
  }

  private static <T> Optional<Reading<T>> withoutStatus(
      Resources resources, ObjectNode tree, Class<T> type, Function<T, Metadata> metadata) {
    if (!tree.has(STATUS)) {
      return Optional.empty();
    }
    try {
      var rest = tree.deepCopy();
      rest.remove(STATUS);
      return Optional.of(understood(resources.read(rest, type), metadata));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static <T> Reading<T> not(Kind kind, JsonNode tree, String because) {
    var key =
        new Key(kind, tree.at("/metadata/namespace").asText(), tree.at("/metadata/name").asText());
    LOG.atError()
        .setMessage("a resource is not understood, and everything of it stays as it is")
        .addKeyValue("resource", key)
        .addKeyValue("because", because)
        .log();
    var metadata = metadata(key, tree.path("metadata"));
    var unread =
        new Unread(
            key,
            metadata,
            ties(tree),
            text(tree, "/spec/embeddedAuthServer/issuer"),
            tree.path(STATUS) instanceof ObjectNode status
                ? status.deepCopy()
                : JsonNodeFactory.instance.objectNode(),
            because);
    return new Reading<>(metadata, Optional.empty(), Optional.of(unread));
  }

  private static Metadata metadata(Key key, JsonNode tree) {
    try {
      return new Resources().read(tree, Metadata.class);
    } catch (IllegalArgumentException e) {
      return Metadata.of(Optional.of(key.namespace()), key.name());
    }
  }

  private static Set<String> ties(JsonNode tree) {
    var ties = new HashSet<String>();
    text(tree, "/spec/authServerRef/name").ifPresent(ties::add);
    text(tree, "/spec/externalAuthConfigRef/name").ifPresent(ties::add);
    return ties;
  }

  private static Optional<String> text(JsonNode tree, String at) {
    return Optional.of(tree.at(at)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  /** The field and nothing of what it holds, which may be a variable of somebody's image. */
  private static String where(IllegalArgumentException cause) {
    var path =
        cause.getCause() instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(
                    step ->
                        step.getFieldName() == null
                            ? "[" + step.getIndex() + "]"
                            : "." + step.getFieldName())
                .collect(joining())
            : "";
    return path.isEmpty() ? "it" : path.substring(path.startsWith(".") ? 1 : 0);
  }
}
