package dev.keyturn.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.ClientMetadata;
import dev.keyturn.given.Corpus;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.RedirectUri;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The body of a registration request, by each who reads one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MetadataFuzzTest {
  static Stream<Path> inputs() {
    return Corpus.of("metadata");
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void a_kept_input_breaks_nothing(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  private static final MetadataReader PUBLIC =
      new MetadataReader(RedirectUri.EDITOR_SCHEMES, ConfidentialRegistration.NONE);
  private static final MetadataReader CONFIDENTIAL =
      new MetadataReader(
          Set.of(), new ConfidentialRegistration(true, Set.of("https://a.example/cb")));

  /** Every parser of what a stranger says of itself. */
  private static final List<Consumer<Buffer>> READERS =
      List.of(body -> requireKept(PUBLIC.read(body)), body -> requireKept(CONFIDENTIAL.read(body)));

  /** Called by Jazzer: {@code bench/fuzz}. */
  public static void fuzzerTestOneInput(byte[] input) {
    for (var reader : READERS) {
      try {
        reader.accept(Buffer.buffer(input));
      } catch (OAuthException refusal) {
        assertThat(refusal.error().status()).isEqualTo(400);
        assertThat(refusal.error().description().length()).isLessThan(512);
      }
    }
  }

  private static void requireKept(ClientMetadata metadata) {
    var json = metadata.toJson();
    assertThat(ClientMetadata.fromJson(json)).isEqualTo(metadata);
    assertThat(json.getMap()).doesNotContainValue(null);
    assertThat(json.encode()).hasSizeLessThan(65_536);
    assertThat(metadata.id()).matches("[A-Za-z0-9_-]{43}").doesNotStartWith("u_");
    assertThat(metadata.redirectUris()).hasSizeBetween(1, 10);
    assertThat(metadata.grantTypes()).contains("authorization_code");
    if (metadata.isConfidential()) {
      assertThat(metadata.redirectUris())
          .allMatch(uri -> ConfidentialRegistration.isWeb(uri.value()));
    }
  }
}
