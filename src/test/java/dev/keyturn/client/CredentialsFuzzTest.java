package dev.keyturn.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Corpus;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Authorization header of a client. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CredentialsFuzzTest {
  static Stream<Path> inputs() {
    return Corpus.of("basic");
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void a_kept_input_breaks_nothing(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  /** Called by Jazzer: {@code bench/fuzz}. */
  public static void fuzzerTestOneInput(byte[] input) {
    var header = new String(input, ISO_8859_1);
    for (var form : new String[] {header, "Basic " + header, "Basic " + encoded(input)}) {
      try {
        requirePlain(Credentials.basic(form));
      } catch (OAuthException refusal) {
        assertThat(refusal.error().code()).isEqualTo(ErrorCode.INVALID_CLIENT);
        assertThat(refusal.error().description())
            .isEqualTo("the Authorization header must be Basic, with id and secret");
      }
    }
  }

  private static String encoded(byte[] input) {
    return java.util.Base64.getEncoder().encodeToString(input);
  }

  private static void requirePlain(Credentials credentials) {
    assertThat(credentials.clientId()).isNotEmpty();
    assertThat(credentials.secrets()).hasSizeBetween(1, 2);
    assertThat(credentials.toString()).isEqualTo("Credentials[client_secret_basic]");
  }
}
