package dev.keyturn.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Catalogue;
import dev.keyturn.config.Catalogue.Field;
import dev.keyturn.config.Catalogue.Kind;
import dev.keyturn.operator.api.Crd.Place;
import dev.keyturn.server.RunConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A field that becomes a setting has that setting's bounds and words. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SettingsOfFieldsTest {
  private static final String SERVER = "spec.embeddedAuthServer.";
  private static final Path EXAMPLES = Path.of("src/test/resources/dev/keyturn/server");

  /** What a resource means by them, a configuration says otherwise. */
  private static final Set<String> NARROWER = Set.of("cimd.cache_max_size");

  private Map<String, Field> settings = Map.of();

  @BeforeEach
  void read_what_the_reader_asks_for() throws IOException {
    var all = new Catalogue();
    for (var example :
        List.of(
            Path.of("conf/full.yaml"),
            Path.of("conf/redis.yaml"),
            EXAMPLES.resolve("every-oauth2.yaml"),
            EXAMPLES.resolve("planned.yaml"))) {
      var reader = new RunConfigReader(Map.of(), new SecureRandom());
      reader.read(Files.readString(example), Path.of(""));
      all.plus(reader.catalogue().orElseThrow());
    }
    settings = all.fields().stream().collect(Collectors.toMap(Field::path, field -> field));
  }

  private static List<Place> places() {
    return Crd.of(ExternalAuthConfig.KIND).places().stream()
        .filter(place -> place.path().startsWith(SERVER))
        .toList();
  }

  private Optional<Field> setting(Place place, Kind kind) {
    return Optional.ofNullable(settings.get(setting(place.path())))
        .filter(field -> field.kind() == kind);
  }

  private static String setting(String path) {
    return path.substring(SERVER.length())
        .replaceAll("HTTP", "Http")
        .replaceAll("IPs", "Ips")
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .toLowerCase(java.util.Locale.ROOT)
        .replace("upstream_providers", "upstreams")
        .replace("user_info_override", "userinfo_override")
        .replace("user_info", "userinfo")
        .replace("storage.redis.", "storage.redis_config.");
  }

  @Test
  void durations_have_the_same_bounds() {
    var bounded =
        places().stream().filter(place -> setting(place, Kind.DURATION).isPresent()).toList();
    assertThat(bounded)
        .hasSizeGreaterThan(12)
        .allSatisfy(
            place -> {
              var setting = setting(place, Kind.DURATION).orElseThrow();
              assertThat(place.messages())
                  .contains(
                      "%s must be between %s and %s"
                          .formatted(
                              place.name(),
                              setting.least().orElseThrow(),
                              setting.most().orElseThrow()));
            });
  }

  @Test
  void no_duration_is_without_a_setting() {
    assertThat(
            places().stream()
                .filter(place -> place.messages().toString().contains("duration such as")))
        .allSatisfy(
            place -> assertThat(setting(place, Kind.DURATION)).as(place.path()).isPresent());
  }

  @Test
  void numbers_have_the_same_bounds() {
    var bounded =
        places().stream()
            .filter(place -> setting(place, Kind.NUMBER).isPresent())
            .filter(place -> !NARROWER.contains(setting(place.path())))
            .toList();
    assertThat(bounded)
        .isNotEmpty()
        .allSatisfy(
            place -> {
              var setting = setting(place, Kind.NUMBER).orElseThrow();
              assertThat(place.schema().path("minimum").asText())
                  .isEqualTo(setting.least().orElseThrow());
              assertThat(place.schema().path("maximum").asText())
                  .isEqualTo(setting.most().orElseThrow());
            });
  }

  @Test
  void words_are_the_same() {
    var words = places().stream().filter(place -> setting(place, Kind.WORD).isPresent()).toList();
    assertThat(words)
        .hasSizeGreaterThan(8)
        .allSatisfy(
            place ->
                assertThat(
                        Crd.list(place.schema().path("enum")).stream().map(word -> word.asText()))
                    .as(place.path())
                    .containsExactlyInAnyOrderElementsOf(
                        setting(place, Kind.WORD).orElseThrow().words()));
  }

  @Test
  void what_may_not_be_left_out_is_the_same() {
    var required =
        places().stream()
            .filter(place -> settings.containsKey(setting(place.path())))
            .filter(place -> settings.get(setting(place.path())).required())
            .filter(place -> !OTHERWISE.contains(setting(place.path())))
            .toList();
    assertThat(required).hasSizeGreaterThan(8).allMatch(Place::isRequired);
  }

  /** What a resource can leave out, since something else says it. */
  private static final Set<String> OTHERWISE =
      Set.of("issuer", "upstreams[].oauth2_config.client_id");
}
