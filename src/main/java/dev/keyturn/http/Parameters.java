package dev.keyturn.http;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.oauth.OAuthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The parameters of a query or of a form, strictly decoded and bounded.
 *
 * <p>A parameter without a value counts as left out, and one that is repeated is refused, unless it
 * is {@code resource} or {@code audience}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.1">RFC 6749, section 3.1</a>
 */
public final class Parameters {
  private static final int MAX_COUNT = 100;
  private static final Set<String> REPEATABLE = Set.of("resource", "audience");

  /** No parameters. */
  public static final Parameters NONE = new Parameters(Map.of());

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Decodes {@code application/x-www-form-urlencoded} text. */
  public static Parameters parse(String text) {
    var values = new LinkedHashMap<String, List<String>>();
    var pairs = text.isEmpty() ? new String[0] : text.split("&", MAX_COUNT + 1);
    if (pairs.length > MAX_COUNT) {
      throw INVALID_REQUEST.because("the request has more than " + MAX_COUNT + " parameters");
    }
    for (var pair : pairs) {
      var equals = pair.indexOf('=');
      var name = decode(equals < 0 ? pair : pair.substring(0, equals));
      var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (!name.isEmpty()) {
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
      }
    }
    return new Parameters(values);
  }

  /** Refuses the request if a parameter is there twice. */
  public Parameters requireSingle() {
    values.keySet().stream()
        .filter(this::isRepeated)
        .findFirst()
        .ifPresent(
            name -> {
              throw INVALID_REQUEST.because("parameter " + printable(name) + " is repeated");
            });
    return this;
  }

  /** Whether {@code name} is there twice and must not be. */
  public boolean isRepeated(String name) {
    return values.getOrDefault(name, List.of()).size() > 1 && !REPEATABLE.contains(name);
  }

  /** The value of {@code name}; the first one, should it be repeated. */
  public Optional<String> find(String name) {
    return values.getOrDefault(name, List.of()).stream().filter(v -> !v.isEmpty()).findFirst();
  }

  /** The value of {@code name}, without which the request is refused. */
  public String required(String name) {
    return find(name).orElseThrow(() -> INVALID_REQUEST.because(name + " is missing"));
  }

  /** Every value of a parameter that may be repeated. */
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of()).stream().filter(v -> !v.isEmpty()).toList();
  }

  /** The same without those whose names {@code leftOut} tells. */
  public Parameters without(Predicate<String> leftOut) {
    var kept = new LinkedHashMap<>(values);
    kept.keySet().removeIf(leftOut);
    return new Parameters(kept);
  }

  /** How many characters the names and values have together. */
  public int length() {
    return values.entrySet().stream()
        .mapToInt(
            entry ->
                entry.getValue().stream()
                    .mapToInt(value -> entry.getKey().length() + value.length())
                    .sum())
        .sum();
  }

  /** All of them, each with the list of its values. */
  public JsonObject toJson() {
    var json = new JsonObject();
    values.forEach((name, all) -> json.put(name, new JsonArray(List.copyOf(all))));
    return json;
  }

  /** What {@link #toJson} wrote. */
  public static Parameters fromJson(JsonObject json) {
    var values = new LinkedHashMap<String, List<String>>();
    json.fieldNames()
        .forEach(
            name ->
                values.put(
                    name, json.getJsonArray(name).stream().map(String.class::cast).toList()));
    return new Parameters(values);
  }

  /** Prints names only: values hold codes, tokens and secrets. */
  @Override
  public String toString() {
    return values.keySet().toString();
  }

  /** {@code text}, decoded as a form's value; empty if no form would encode anything so. */
  public static Optional<String> decoded(String text) {
    try {
      return Optional.of(decode(text));
    } catch (OAuthException refusal) {
      return Optional.empty();
    }
  }

  private static String printable(String name) {
    return name.length() <= 64 && name.matches("[\\x21-\\x7E]+") ? name : "(unprintable)";
  }

  private static String decode(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '%') {
        bytes.write(hex(text, i + 1) << 4 | hex(text, i + 2));
        i += 2;
      } else if (c == '+') {
        bytes.write(' ');
      } else if (c < 0x80) {
        bytes.write(c);
      } else {
        throw INVALID_REQUEST.because("a parameter is not percent-encoded");
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw INVALID_REQUEST.because("a parameter is not valid UTF-8");
    }
  }

  private static int hex(String text, int index) {
    if (index >= text.length() || !HexFormat.isHexDigit(text.charAt(index))) {
      throw INVALID_REQUEST.because("a parameter has a broken percent-encoding");
    }
    return HexFormat.fromHexDigit(text.charAt(index));
  }
}
