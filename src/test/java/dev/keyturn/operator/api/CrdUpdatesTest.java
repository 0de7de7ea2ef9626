package dev.keyturn.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever has resources of the last release can take the definitions of this one.
 *
 * <p>At a release {@code deploy/crds} is copied to {@link #RELEASED}, and nowhere else is it
 * changed.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrdUpdatesTest {
  static final Path RELEASED = BadManifests.FOLDER.resolve("crds-v0");

  private static List<Path> released() {
    return Crd.files(RELEASED);
  }

  @ParameterizedTest
  @MethodSource("released")
  void nothing_that_was_released_breaks(Path file) {
    var old = Crd.read(file);
    assertThat(CrdUpdates.breaking(old.schema(), Crd.of(old.kind()).schema())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("released")
  void the_version_is_still_served_and_stored(Path file) {
    var now = Crd.of(Crd.read(file).kind()).version();
    assertThat(now.path("name").asText()).isEqualTo(Crd.read(file).version().path("name").asText());
    assertThat(now.path("served").asBoolean()).isTrue();
    assertThat(now.path("storage").asBoolean()).isTrue();
  }

  @Test
  void every_released_definition_is_still_there() {
    assertThat(Crd.all().stream().map(Crd::kind))
        .containsAll(released().stream().map(file -> Crd.read(file).kind()).toList());
  }

  /** The rules themselves, on definitions that break them on purpose. */
  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_planted_change {
    private final JsonNode old = Crd.of(ExternalAuthConfig.KIND).schema();
    private final JsonNode fresh = old.deepCopy();

    @Test
    void that_takes_a_field_away_is_found() {
      server("").remove("issuer");
      assertFound("spec.embeddedAuthServer.issuer is gone");
    }

    @Test
    void that_narrows_a_bound_is_found() {
      server("/issuer").put("maxLength", 100);
      assertFound("spec.embeddedAuthServer.issuer has a narrower maxLength");
    }

    @Test
    void that_asks_for_more_entries_is_found() {
      server("/clients").put("minItems", 1);
      assertFound("spec.embeddedAuthServer.clients has a narrower minItems");
    }

    @Test
    void that_makes_a_field_required_is_found() {
      ((ArrayNode) fresh.at("/properties/spec/properties/embeddedAuthServer/required"))
          .add("issuer");
      assertFound("spec.embeddedAuthServer.issuer must be there now");
    }

    @Test
    void of_a_type_is_found() {
      server("/issuer").put("type", "integer");
      assertFound("spec.embeddedAuthServer.issuer has another type");
    }

    @Test
    void of_how_a_list_is_merged_is_found() {
      server("/upstreamProviders").put("x-kubernetes-list-type", "atomic");
      assertFound("spec.embeddedAuthServer.upstreamProviders has another x-kubernetes-list-type");
    }

    @Test
    void that_takes_a_word_away_is_found() {
      ((ArrayNode) fresh.at("/properties/spec/properties/type/enum")).remove(0);
      assertFound("spec.type does not take embeddedAuthServer any more");
    }

    @Test
    void that_adds_a_field_or_widens_a_bound_is_fine() {
      server("").putObject("later").put("type", "string");
      server("/issuer").put("maxLength", 4096);
      assertThat(CrdUpdates.breaking(old, fresh)).isEmpty();
    }

    private void assertFound(String finding) {
      assertThat(CrdUpdates.breaking(old, fresh)).containsExactly(finding);
    }

    private ObjectNode server(String below) {
      return (ObjectNode)
          fresh.at("/properties/spec/properties/embeddedAuthServer/properties" + below);
    }
  }
}
