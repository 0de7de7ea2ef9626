package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Claims as CEL knows values.
 *
 * <p>A whole number is an {@code int} with all its digits; one of more than 64 bits has no type in
 * CEL and is the text of its digits. Other numbers are {@code double}.
 */
final class CelClaims {
  private static final int MOST = 10_000;

  private CelClaims() {}

  /** Whether a document is too large to be compared again and again. */
  static boolean areTooMany(JsonNode claims) {
    return count(claims) > MOST;
  }

  static Object of(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> map(value);
      case ARRAY -> StreamSupport.stream(value.spliterator(), false).map(CelClaims::of).toList();
      case BOOLEAN -> value.booleanValue();
      case NUMBER -> number(value);
      case STRING -> value.textValue();
      default -> NullValue.NULL_VALUE;
    };
  }

  private static Map<String, Object> map(JsonNode object) {
    var map = new LinkedHashMap<String, Object>();
    object.properties().forEach(field -> map.put(field.getKey(), of(field.getValue())));
    return map;
  }

  private static Object number(JsonNode value) {
    if (!value.isIntegralNumber()) {
      return value.doubleValue();
    }
    return value.canConvertToLong() ? (Object) value.longValue() : value.asText();
  }

  private static int count(JsonNode value) {
    var count = 1;
    for (var part : value) {
      count += count(part);
    }
    return count;
  }
}
