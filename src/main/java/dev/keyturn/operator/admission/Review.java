package dev.keyturn.operator.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * An {@code AdmissionReview} as it came: a question with an id of its own.
 *
 * @param request what is asked, of which nothing is known yet
 */
record Review(String uid, JsonNode request) {
  /** The one version that is spoken. */
  static final String API_VERSION = "admission.k8s.io/v1";

  static final String KIND = "AdmissionReview";

  /** A resource of ours has a depth of ten, and its managed fields a few more. */
  private static final int MAX_DEPTH = 64;

  private static final int MAX_UID = 128;
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Reads a body.
   *
   * @throws IllegalArgumentException if it is no review that could be answered, in words that hold
   *     nothing of it
   */
  static Review read(byte[] body) {
    var tree = tree(body);
    if (!tree.path("apiVersion").asText().equals(API_VERSION)
        || !tree.path("kind").asText().equals(KIND)) {
      throw new IllegalArgumentException("the body must be an " + KIND + " of " + API_VERSION);
    }
    var uid = tree.at("/request/uid");
    if (!uid.isTextual() || !uid.textValue().matches("[\\x21-\\x7e]{1," + MAX_UID + "}")) {
      throw new IllegalArgumentException("the review has no request with a uid");
    }
    return new Review(uid.textValue(), tree.path("request"));
  }

  private static JsonNode tree(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new IllegalArgumentException("the body is no JSON that is read here", e);
    }
  }
}
