package dev.keyturn.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * What an API server said to random manifests, which {@link ApiServerIT} records with {@code
 * -Dkeyturn.write=true}, is what the evaluator of these tests says. Whoever changes a definition
 * records it anew.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VerdictsTest {
  @Test
  void they_are_those_of_a_real_api_server() throws IOException {
    assertThat(RandomManifests.record(new SchemaVerdicts()::onCreate))
        .isEqualTo(Files.readString(RandomManifests.RECORD));
  }

  @Test
  void they_are_of_both_kinds() throws IOException {
    assertThat(Files.readAllLines(RandomManifests.RECORD))
        .anyMatch(line -> line.endsWith("|accepted"))
        .anyMatch(line -> !line.endsWith("|accepted"));
  }
}
