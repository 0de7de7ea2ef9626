package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.Scopes;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a token endpoint answered, in whichever of the spellings that are in use.
 *
 * <p>JSON or a form; an error also at status 200, also as an object; lifetimes as numbers or text;
 * scopes between blanks or commas, or as a list.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.1">RFC 6749, section 5.1</a>
 */
record TokenAnswer(ObjectNode body) {
  private static final int MAX_FIELDS = 100;
  private static final int MAX_TOKEN = 64 * 1024;
  private static final long LONGEST = 10L * 366 * 24 * 3600;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,9})?");

  /** Reads an answer by its type, and the other way if that fails. */
  static Optional<TokenAnswer> parse(Answer answer) {
    var type = Optional.ofNullable(answer.headers().get("Content-Type")).orElse("");
    var body = answer.body().getBytes();
    var fields =
        type.startsWith("application/x-www-form-urlencoded")
            ? form(body).or(() -> Json.object(body))
            : Json.object(body).or(() -> form(body));
    return fields.map(TokenAnswer::new);
  }

  /** The error code, which is looked for before any token. */
  Optional<String> error() {
    var error = body.path("error");
    if (error.isObject()) {
      return Stream.of("code", "error", "type", "message")
          .flatMap(
              field ->
                  error.path(field).isTextual() ? Json.text(error, field).stream() : Stream.empty())
          .findFirst()
          .or(() -> Optional.of("error_object"));
    }
    var failed = body.path("ok").isBoolean() && !body.path("ok").booleanValue();
    return Json.text(error)
        .or(() -> isMeant(error) || failed ? Optional.of("unnamed_error") : Optional.empty());
  }

  /** The tokens; empty if this is no answer with a bearer token. */
  Optional<UpstreamTokens> tokens(TokenFields fields, Scopes asked, Instant now) {
    return token(fields.accessToken().in(body))
        .filter(token -> fields.mapped() || isBearer())
        .map(
            token ->
                new UpstreamTokens(
                    token,
                    token(fields.refreshToken().in(body)),
                    token(body.path("id_token")),
                    lifetime(fields.expiresIn().in(body)).map(now::plusSeconds),
                    scopes(fields.scope().in(body), asked)));
  }

  /** Shows nothing, since it is made of tokens. */
  @Override
  public String toString() {
    return "TokenAnswer[hidden]";
  }

  private static boolean isMeant(JsonNode error) {
    return error.isArray() || error.isNumber() || Json.isTrue(error);
  }

  private boolean isBearer() {
    var type = body.path("token_type");
    return type.isMissingNode() || type.isNull() || "bearer".equalsIgnoreCase(type.textValue());
  }

  private static Optional<String> token(JsonNode value) {
    return Optional.ofNullable(value.textValue())
        .filter(text -> !text.isEmpty() && text.length() <= MAX_TOKEN)
        .filter(text -> text.chars().allMatch(c -> c >= 0x21 && c <= 0x7E));
  }

  private static Optional<Long> lifetime(JsonNode value) {
    return Optional.of(value.isNumber() || value.isTextual() ? value.asText().strip() : "")
        .filter(text -> SECONDS.matcher(text).matches())
        .map(text -> Long.parseLong(text.replaceAll("\\..*", "")))
        .filter(seconds -> seconds > 0)
        .map(seconds -> Math.min(seconds, LONGEST));
  }

  /** What was granted; an answer without a scope grants what was asked for. */
  private static Scopes scopes(JsonNode value, Scopes asked) {
    if (!value.isTextual() && !value.isArray()) {
      return asked;
    }
    var names = new LinkedHashSet<String>();
    texts(value)
        .flatMap(text -> Stream.of(text.split("[\\s,]+")))
        .filter(Scopes::isToken)
        .limit(100)
        .forEach(names::add);
    return new Scopes(names);
  }

  private static Stream<String> texts(JsonNode value) {
    return value.isTextual()
        ? Stream.of(value.textValue())
        : StreamSupport.stream(value.spliterator(), false).map(JsonNode::asText);
  }

  private static Optional<ObjectNode> form(byte[] body) {
    var fields = Json.empty();
    var text = new String(body, StandardCharsets.UTF_8);
    try {
      new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MAX_FIELDS)
          .parameters()
          .forEach((name, values) -> fields.put(name, values.get(0)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return fields.has("access_token") || fields.has("error")
        ? Optional.of(fields)
        : Optional.empty();
  }
}
