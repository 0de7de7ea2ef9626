package dev.keyturn.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyturn.operator.render.Remark;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The answer to a review.
 *
 * @param message why it was refused; empty where it was not
 * @param warnings what the requester should know either way
 */
record Verdict(Outcome outcome, String message, List<String> warnings) {
  private static final int MAX_LINES = 16;
  private static final int MAX_LINE = 1000;

  Verdict {
    warnings = List.copyOf(warnings);
  }

  /** How it ends, with the code and the reason that the API server passes on. */
  enum Outcome {
    UNCHECKED(200, ""),
    ALLOWED(200, ""),
    MALFORMED(400, "BadRequest"),
    FORBIDDEN(403, "Forbidden"),
    INVALID(422, "Invalid"),
    UNAVAILABLE(503, "ServiceUnavailable");

    private final int code;
    private final String reason;

    Outcome(int code, String reason) {
      this.code = code;
      this.reason = reason;
    }

    boolean isAllowed() {
      return code == 200;
    }
  }

  /** Allowed, whatever it says. */
  static Verdict unchecked(String... warnings) {
    return new Verdict(Outcome.UNCHECKED, "", List.of(warnings));
  }

  static Verdict malformed(String message) {
    return new Verdict(Outcome.MALFORMED, message, List.of());
  }

  static Verdict forbidden(List<String> reasons) {
    return new Verdict(Outcome.FORBIDDEN, lines(reasons), List.of());
  }

  static Verdict invalid(String message) {
    return new Verdict(Outcome.INVALID, plain(message), List.of());
  }

  /** Refused because nobody could find out; later it may be another one. */
  static Verdict unavailable(String message) {
    return new Verdict(Outcome.UNAVAILABLE, message + ": nothing was stored; try again", List.of());
  }

  /** What follows from the remarks about {@code subject}. */
  static Verdict of(String subject, List<Remark> remarks) {
    var refused = lines(subject, remarks, remark -> !remark.isAdmitted());
    var warnings = lines(subject, remarks, Remark::isAdmitted);
    return new Verdict(
        refused.isEmpty() ? Outcome.ALLOWED : Outcome.INVALID,
        lines(refused),
        warnings.stream().limit(MAX_LINES).toList());
  }

  /** As it is sent. */
  JsonNode toJson(String uid) {
    var nodes = JsonNodeFactory.instance;
    var review = nodes.objectNode().put("apiVersion", Review.API_VERSION).put("kind", Review.KIND);
    var response = review.putObject("response").put("uid", uid).put("allowed", allows());
    if (!allows()) {
      response
          .putObject("status")
          .put("status", "Failure")
          .put("code", outcome.code)
          .put("reason", outcome.reason)
          .put("message", message);
    }
    if (!warnings.isEmpty()) {
      warnings.forEach(response.putArray("warnings")::add);
    }
    return review;
  }

  boolean allows() {
    return outcome.isAllowed();
  }

  private static List<String> lines(String subject, List<Remark> remarks, Predicate<Remark> which) {
    return remarks.stream()
        .filter(which)
        .map(remark -> (remark.object().equals(subject) ? "" : remark.object() + " ") + remark)
        .map(Verdict::plain)
        .toList();
  }

  /** The first ones, and how many there are besides. */
  private static String lines(List<String> all) {
    var more = all.size() - MAX_LINES;
    return String.join(
        "\n",
        Stream.concat(
                all.stream().limit(MAX_LINES),
                Stream.of("and " + more + " more").filter(line -> more > 0))
            .toList());
  }

  /** A warning travels in a header, and one line is one thing that is said. */
  private static String plain(String line) {
    var text = line.replaceAll("\\p{Cntrl}+", " ");
    return text.length() > MAX_LINE ? text.substring(0, MAX_LINE) + " ..." : text;
  }
}
