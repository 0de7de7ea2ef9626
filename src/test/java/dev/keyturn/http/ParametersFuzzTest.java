package dev.keyturn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Corpus;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The text of a query or of a form. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ParametersFuzzTest {
  static Stream<Path> inputs() {
    return Corpus.of("parameters");
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void a_kept_input_breaks_nothing(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  /** Called by Jazzer: {@code bench/fuzz}. */
  public static void fuzzerTestOneInput(byte[] input) {
    var text = new String(input, ISO_8859_1);
    try {
      requireSameMeaning(text, Parameters.parse(text));
    } catch (OAuthException refusal) {
      assertThat(refusal.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(refusal.error().description()).matches("[\\x20-\\x7E]*");
    }
  }

  /** The parser of the JDK, which is more tolerant, finds the same values where we find any. */
  private static void requireSameMeaning(String text, Parameters parameters) {
    var others = new LinkedHashMap<String, List<String>>();
    for (var pair : text.split("&", -1)) {
      var end = pair.indexOf('=');
      var name = URLDecoder.decode(end < 0 ? pair : pair.substring(0, end), UTF_8);
      var value = end < 0 ? "" : URLDecoder.decode(pair.substring(end + 1), UTF_8);
      if (!name.isEmpty() && !value.isEmpty()) {
        others.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
      }
    }
    others.forEach(
        (name, values) -> {
          assertThat(parameters.all(name)).as(name).isEqualTo(values);
          assertThat(parameters.find(name)).as(name).contains(values.get(0));
        });
    assertThat(parameters.toString()).isNotNull();
    parameters.requireSingle();
  }
}
