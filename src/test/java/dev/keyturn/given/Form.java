package dev.keyturn.given;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The parameters of a request, in order; a name may be there twice. */
public record Form(List<Map.Entry<String, String>> fields) {
  public Form {
    fields = List.copyOf(fields);
  }

  /** Names and values by turns. */
  public static Form of(String... namesAndValues) {
    return new Form(
        IntStream.range(0, namesAndValues.length / 2)
            .mapToObj(i -> Map.entry(namesAndValues[2 * i], namesAndValues[2 * i + 1]))
            .toList());
  }

  /** The same with {@code name} having this value only. */
  public Form with(String name, String value) {
    return without(name).and(name, value);
  }

  /** The same with one more value. */
  public Form and(String name, String value) {
    return new Form(Stream.concat(fields.stream(), Stream.of(Map.entry(name, value))).toList());
  }

  public Form without(String name) {
    return new Form(fields.stream().filter(field -> !field.getKey().equals(name)).toList());
  }

  public String value(String name) {
    return fields.stream()
        .filter(field -> field.getKey().equals(name))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  public String encoded() {
    return fields.stream()
        .map(field -> URLEncoder.encode(field.getKey(), UTF_8) + "=" + encode(field.getValue()))
        .collect(joining("&"));
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, UTF_8);
  }
}
