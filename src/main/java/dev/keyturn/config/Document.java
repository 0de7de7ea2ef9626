package dev.keyturn.config;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A configuration document, YAML or JSON, as a tree. */
final class Document {
  private static final int MAX_LENGTH = 1 << 20;
  private static final ObjectMapper JSON = strict(JsonMapper.builder().build());
  private static final ObjectMapper YAML =
      strict(
          new ObjectMapper(
              YAMLFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(50).build())
                  .build()));

  private Document() {}

  /** The tree of {@code text}; an empty object and a finding with line and column if broken. */
  static JsonNode parse(String text, Findings findings) {
    var empty = JsonNodeFactory.instance.objectNode();
    if (text.length() > MAX_LENGTH) {
      findings.error("", "the configuration is larger than " + MAX_LENGTH + " characters");
      return empty;
    }
    try {
      var tree = text.stripLeading().startsWith("{") ? JSON.readTree(text) : yaml(text);
      if (tree.isObject()) {
        return tree;
      }
      findings.error("", "the configuration must be a mapping of settings to values");
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      var where =
          place == null
              ? ""
              : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": ";
      findings.error("", "the configuration cannot be read: " + where + firstLine(e));
    }
    return empty;
  }

  /** A tree of text alone, where an alias would be read as the text that is its name. */
  private static JsonNode yaml(String text) throws JsonProcessingException {
    try (var parser = YAML.createParser(text)) {
      while (parser.nextToken() != null) {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
          throw new JsonParseException(parser, "aliases are not supported: repeat the value");
        }
      }
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory is always readable", e);
    }
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("broken document");
  }

  private static ObjectMapper strict(ObjectMapper mapper) {
    return mapper
        .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
        .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, true)
        .configure(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, true);
  }
}
