package dev.keyturn.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Node;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Redirect URIs beside a parser as browsers have one, that of Node.
 *
 * <p>{@code -Dkeyturn.write=true} writes the vectors of {@link WhatwgVectorsTest} anew.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WhatwgUrlIT {
  private static final Path VECTORS = Path.of("src/test/resources/dev/keyturn/oauth/whatwg.jsonl");

  private static List<WhatwgVerdict> verdicts;

  @BeforeAll
  static void ask(@TempDir Path folder) throws IOException {
    Node.required();
    var random = new Random(7);
    var texts =
        Stream.generate(() -> RedirectUriTexts.one(random))
            .filter(text -> !text.isEmpty())
            .distinct()
            .limit(40_000)
            .map(Json::encode)
            .toList();
    var file = Files.write(folder.resolve("texts"), texts);
    var lines = Node.run("url-vectors.mjs", file.toString());
    verdicts = lines.stream().map(WhatwgVerdict::of).toList();
    if (Boolean.getBoolean("keyturn.write")) {
      Files.write(VECTORS, lines.subList(0, 2000));
    }
  }

  @Test
  void whatever_is_accepted_means_the_same_to_a_browser() {
    assertThat(verdicts.stream().filter(WhatwgVerdict::isAccepted))
        .hasSizeGreaterThan(2_000)
        .allSatisfy(WhatwgVerdict::requireSameMeaning);
  }
}
