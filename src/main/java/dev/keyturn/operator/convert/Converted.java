package dev.keyturn.operator.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;

/** Our resources, and what is not in them. */
public record Converted(List<JsonNode> objects, List<Loss> losses) {
  public Converted {
    objects = List.copyOf(objects);
    losses = List.copyOf(losses);
  }

  /** The resources as one text of several documents; empty where there is none. */
  public String yaml() {
    var yaml =
        YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
    var text = new StringBuilder();
    try {
      for (var object : objects) {
        text.append(yaml.writeValueAsString(object));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always written", e);
    }
    return text.toString();
  }
}
