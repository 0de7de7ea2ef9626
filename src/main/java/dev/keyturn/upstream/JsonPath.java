package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path into a JSON answer, such as {@code authed_user.id} or {@code id_token|@upstreamjwt|sub}.
 *
 * <p>Steps are names or numbers of an array's elements, between dots or bars; a backslash makes the
 * next character part of a name. {@code @upstreamjwt} opens the payload of a JWT without any check:
 * it came straight from the provider.
 */
record JsonPath(String spelling, List<String> steps) {
  private static final String JWT = "@upstreamjwt";
  private static final Pattern STEP = Pattern.compile("(?:\\\\.|[^\\\\.|])+");
  private static final Pattern WHOLE =
      Pattern.compile("(?:\\\\.|[^\\\\.|])+(?:[.|](?:\\\\.|[^\\\\.|])+)*");
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,6}");
  private static final int MAX_LENGTH = 256;

  JsonPath {
    steps = List.copyOf(steps);
  }

  /** Reads a path; empty if it asks for what is not built. */
  static Optional<JsonPath> parse(String spelling) {
    if (spelling.length() > MAX_LENGTH || !WHOLE.matcher(spelling).matches()) {
      return Optional.empty();
    }
    var steps = new ArrayList<String>();
    var matcher = STEP.matcher(spelling);
    while (matcher.find()) {
      steps.add(matcher.group());
    }
    return steps.stream().allMatch(JsonPath::isBuilt)
        ? Optional.of(new JsonPath(spelling, steps))
        : Optional.empty();
  }

  /** What the path leads to, if anything. */
  JsonNode in(JsonNode answer) {
    var place = answer;
    for (var step : steps) {
      place = step.equals(JWT) ? payload(place) : child(place, step);
    }
    return place;
  }

  /** The text or whole number that the path leads to. */
  Optional<String> textIn(JsonNode answer) {
    return Json.text(in(answer));
  }

  private static boolean isBuilt(String step) {
    return step.equals(JWT)
        || (!step.startsWith("@") && step.replaceAll("\\\\.", "").matches("[^#*?!{}\\[\\]]*"));
  }

  private static JsonNode child(JsonNode place, String step) {
    if (place.isArray()) {
      return INDEX.matcher(step).matches()
          ? place.path(Integer.parseInt(step))
          : MissingNode.getInstance();
    }
    return place.path(step.replaceAll("\\\\(.)", "$1"));
  }

  private static JsonNode payload(JsonNode jwt) {
    return Json.payload(jwt.asText())
        .<JsonNode>map(payload -> payload)
        .orElse(MissingNode.getInstance());
  }
}
