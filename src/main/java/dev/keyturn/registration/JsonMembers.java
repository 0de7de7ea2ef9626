package dev.keyturn.registration;

import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT_METADATA;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The members of a JSON object that a stranger sent.
 *
 * <p>Read by Jackson itself, because Vert.x takes comments and repeated members, which another
 * reader of the same bytes would understand otherwise. A member that is null counts as left out.
 */
record JsonMembers(JsonNode object) {
  private static final int MAX_DEPTH = 16;

  /** Controls, halves of characters, and what turns the direction of the text around. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028-\\u202E\\u2066-\\u2069]");

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static JsonMembers parse(Buffer body) {
    try {
      var tree = JSON.readTree(body.getBytes());
      if (tree != null && tree.isObject()) {
        return new JsonMembers(tree);
      }
    } catch (IOException e) {
      // The parser would quote what was sent.
    }
    throw INVALID_CLIENT_METADATA.because("the body must be one JSON object");
  }

  /** The names of all members. */
  List<String> names() {
    return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** The text {@code name}, if it is a text, and not empty. */
  Optional<String> text(String name) {
    return Optional.ofNullable(object.get(name))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .filter(text -> !text.isEmpty());
  }

  /** The texts of the array {@code name}; whatever else is in it is left out. */
  List<String> texts(String name) {
    var array = object.path(name);
    return array.isArray()
        ? StreamSupport.stream(array.spliterator(), false)
            .filter(JsonNode::isTextual)
            .map(JsonNode::textValue)
            .toList()
        : List.of();
  }

  /** The texts of {@code name}, which must be an array of texts if it is there. */
  Optional<List<String>> words(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    var words = texts(name);
    if (!object.path(name).isArray() || words.size() != object.path(name).size()) {
      throw INVALID_CLIENT_METADATA.because(name + " must be an array of strings");
    }
    return Optional.of(words);
  }

  /** Refuses {@code text} if it is too long for {@code name} or cannot be shown to a person. */
  static String bounded(String name, String text, int most) {
    if (text.length() > most) {
      throw INVALID_CLIENT_METADATA.because(name + " is longer than " + most + " characters");
    }
    if (UNPRINTABLE.matcher(text).find()) {
      throw INVALID_CLIENT_METADATA.because(name + " holds a character that cannot be shown");
    }
    return text;
  }
}
