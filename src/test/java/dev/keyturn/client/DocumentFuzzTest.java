package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Corpus;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document at the URL that is a client's name, https://a.example/c. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentFuzzTest {
  private static final String URL = "https://a.example/c";
  private static final DocumentReader READER = new DocumentReader(RedirectUri.EDITOR_SCHEMES);

  static Stream<Path> inputs() {
    return Corpus.of("document");
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void a_kept_input_breaks_nothing(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  /** Called by Jazzer: {@code bench/fuzz}. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      var document = READER.read(URL, Buffer.buffer(input));
      requireUsable(document.client(Scopes.NONE));
      var kept = document.toJson().encode();
      assertThat(ClientDocument.fromJson(new JsonObject(kept)).toJson().encode()).isEqualTo(kept);
    } catch (UnusableDocument refusal) {
      assertThat(refusal.getMessage()).matches("a\\.example: [A-Z_]+");
    }
  }

  private static void requireUsable(Client client) {
    assertThat(client.id()).isEqualTo(URL);
    assertThat(client.isStranger()).isTrue();
    assertThat(client.redirectUris()).hasSizeBetween(1, 20);
    assertThat(client.grantTypes()).isSubsetOf(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN);
    assertThat(client.name().plain().length()).isLessThanOrEqualTo(256);
  }
}
