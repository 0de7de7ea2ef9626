package dev.keyturn.operator.api;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.ApiServer;
import dev.keyturn.given.GivenApiServer;
import dev.keyturn.given.KubeApi;
import dev.keyturn.operator.api.BadManifests.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real API server makes of the definitions, and says to good and bad manifests. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(GivenApiServer.class)
class ApiServerIT {
  private static final String STRICT = "fieldValidation=Strict";

  @BeforeAll
  static void apply_the_definitions(ApiServer server) {
    apply(server, CrdUpdatesTest.RELEASED);
    apply(server, Crd.FOLDER);
    Crd.all().forEach(crd -> await().until(() -> server.admin().get(path(crd)).status() == 200));
  }

  /** As people do it, also over those of the last release. */
  private static void apply(ApiServer server, Path definitions) {
    var folder = definitions.toAbsolutePath().toString();
    var applied = server.kubectl("apply", "--server-side", "-f", folder);
    assertThat(applied.code()).as(applied.output()).isZero();
  }

  private static List<Row> created() {
    return BadManifests.rows("strict", "schema", "cel");
  }

  private static List<Row> updated() {
    return BadManifests.rows("update");
  }

  private static List<Path> good() {
    return BadManifests.good();
  }

  private static List<String> shown() throws IOException {
    return KubernetesDocumentTest.manifests();
  }

  @ParameterizedTest
  @MethodSource("created")
  void a_bad_manifest_is_refused(Row row, ApiServer server) {
    assertThat(ApiServerSays.of(create(server.admin(), row.manifest())))
        .containsExactlyInAnyOrder(row.messages());
  }

  @ParameterizedTest
  @MethodSource("good")
  void a_good_manifest_is_accepted_without_a_warning(Path file, ApiServer server) {
    var said = create(server.admin(), BadManifests.good(file));
    assertThat(ApiServerSays.of(said)).isEmpty();
    assertThat(said.warnings()).isEmpty();
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("shown")
  void what_the_documentation_shows_is_accepted(String text, ApiServer server) {
    assertThat(ApiServerSays.of(create(server.admin(), BadManifests.yaml(text)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("updated")
  void a_bad_change_is_refused(Row row, ApiServer server) {
    var api = server.admin();
    var good = BadManifests.good(row.good());
    var there = api.post(path(good) + "?" + STRICT, good).body();
    try {
      var changed = (ObjectNode) row.manifest();
      changed.set("metadata", there.get("metadata"));
      assertThat(ApiServerSays.of(api.put(path(there) + "/" + name(there), changed)))
          .containsExactlyInAnyOrder(row.messages());
    } finally {
      api.delete(path(there) + "/" + name(there));
    }
  }

  @Test
  void a_typo_in_a_security_option_is_refused_by_kubectl(ApiServer server, @TempDir Path folder)
      throws IOException {
    var ran = server.kubectl("apply", "-f", misspelled(folder).toString());
    assertThat(ran.code()).isNotZero();
    assertThat(ran.output())
        .contains("strict decoding error: unknown field \"spec.embeddedAuthServer.revokedKey\"");
  }

  /** Why everything of ours writes with {@code fieldValidation=Strict}. */
  @Test
  void without_strict_decoding_the_same_typo_would_vanish(ApiServer server) {
    var manifest = misspelled();
    var said = server.admin().post(path(manifest) + "?dryRun=All", manifest);
    assertThat(said.status()).isEqualTo(201);
    assertThat(said.body().at("/spec/embeddedAuthServer").has("revokedKey")).isFalse();
    assertThat(said.warnings()).contains("unknown field \"spec.embeddedAuthServer.revokedKey\"");
  }

  @Test
  void a_list_shows_what_one_wants_to_know(ApiServer server) {
    var api = server.admin();
    var good = BadManifests.good("okta");
    api.post(path(good), good);
    try {
      assertThat(server.kubectl("get", "extauth", "okta").output())
          .matches("(?s)NAME +TYPE +VALID +READY +AGE\\nokta +embeddedAuthServer .*");
    } finally {
      api.delete(path(good) + "/okta");
    }
  }

  @Test
  void replicas_can_be_scaled(ApiServer server) {
    var api = server.admin();
    var good = BadManifests.good("image");
    api.post(path(good), good);
    try {
      var scaled = server.kubectl("scale", "mcpserver", "issues", "--replicas=3");
      assertThat(scaled.code()).as(scaled.output()).isZero();
      assertThat(api.get(path(good) + "/issues").body().at("/spec/replicas").asInt()).isEqualTo(3);
    } finally {
      api.delete(path(good) + "/issues");
    }
  }

  @Test
  void who_scales_needs_a_first_number_of_replicas(ApiServer server) {
    var api = server.admin();
    var good = BadManifests.good("url");
    api.post(path(good), good);
    try {
      assertThat(api.get(path(good) + "/search/scale").body().path("message").asText())
          .contains("the spec replicas field \".spec.replicas\" does not exist");
    } finally {
      api.delete(path(good) + "/search");
    }
  }

  @Test
  void what_it_says_to_random_manifests_is_on_record(ApiServer server) throws IOException {
    var api = server.admin();
    var recorded = RandomManifests.record(manifest -> ApiServerSays.of(create(api, manifest)));
    if (Boolean.getBoolean("keyturn.write")) {
      Files.writeString(RandomManifests.RECORD, recorded);
    }
    assertThat(recorded).isEqualTo(Files.readString(RandomManifests.RECORD));
  }

  private static KubeApi.Said create(KubeApi api, JsonNode manifest) {
    return api.post(path(manifest) + "?dryRun=All&" + STRICT, manifest);
  }

  private static JsonNode misspelled() {
    return BadManifests.rows("strict").stream()
        .filter(row -> row.message().contains("revokedKey\""))
        .findFirst()
        .orElseThrow()
        .manifest();
  }

  private static Path misspelled(Path folder) throws IOException {
    return Files.writeString(folder.resolve("misspelled.json"), misspelled().toString());
  }

  private static String path(JsonNode object) {
    return path(Crd.of(object.path("kind").asText()));
  }

  private static String path(Crd crd) {
    return "/apis/keyturn.dev/v1beta1/namespaces/default/" + crd.plural();
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }
}
