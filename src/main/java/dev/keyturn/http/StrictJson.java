package dev.keyturn.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;

/**
 * JSON that strangers wrote, read so that no other reader of the same bytes could understand it
 * otherwise: no comments, no repeated members, nothing behind the end, not deep.
 */
public final class StrictJson {
  private static final int MAX_DEPTH = 16;
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /** The one object that {@code text} is. */
  public static Optional<JsonNode> object(Buffer text) {
    try {
      return Optional.ofNullable(JSON.readTree(text.getBytes())).filter(JsonNode::isObject);
    } catch (IOException e) {
      return Optional.empty(); // The parser would quote what was sent.
    }
  }
}
