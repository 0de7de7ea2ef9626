package dev.keyturn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Corpus;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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

  /** Another parser, which is more tolerant, finds the same values where we find any. */
  private static void requireSameMeaning(String text, Parameters parameters) {
    var others =
        new QueryStringDecoder(text, java.nio.charset.StandardCharsets.UTF_8, false, 200, true);
    others
        .parameters()
        .forEach(
            (name, values) -> {
              var filled = values.stream().filter(value -> !value.isEmpty()).toList();
              if (!name.isEmpty()) {
                assertThat(parameters.all(name)).as(name).isEqualTo(filled);
                assertThat(parameters.find(name)).isEqualTo(filled.stream().findFirst());
              }
            });
    assertThat(Objects.toString(parameters)).isNotNull();
    parameters.requireSingle();
  }
}
