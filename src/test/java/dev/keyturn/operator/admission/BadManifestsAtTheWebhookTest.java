package dev.keyturn.operator.admission;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Patience;
import dev.keyturn.operator.api.BadManifests;
import dev.keyturn.operator.api.BadManifests.Row;
import dev.keyturn.operator.cluster.ApiServer;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.rules.Rules;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of the table that the webhook refuses, by the rules of the product. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadManifestsAtTheWebhookTest {
  @TempDir private Path account;

  private final Vertx vertx = Vertx.vertx();
  private final GivenCertificate certificate = GivenCertificate.good();
  private final FakeKubernetes kubernetes = FakeKubernetes.start(vertx, certificate);

  @BeforeEach
  void surround() {
    FakeKubernetes.account(account, FakeKubernetes.TOKEN, certificate);
    GivenSurroundings.secrets()
        .forEach(
            (name, content) ->
                kubernetes.secret(
                    "ns",
                    name,
                    content.entrySet().stream()
                        .flatMap(entry -> List.of(entry.getKey(), entry.getValue()).stream())
                        .toArray(String[]::new)));
    for (var config : GivenSurroundings.configs()) {
      var name = config.at("/metadata/name").asText();
      kubernetes.put(
          "ns", "mcpexternalauthconfigs", name, new JsonObject(there(config).toString()));
    }
    kubernetes.hidden.add(GivenSurroundings.HIDDEN);
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private static List<Row> refused() {
    return BadManifests.rows("webhook");
  }

  private static JsonNode there(JsonNode manifest) {
    var stored = (ObjectNode) manifest;
    stored.withObject("/metadata").put("namespace", "ns");
    return stored;
  }

  private Verdict judge(JsonNode manifest) {
    var api = new ApiServer(vertx, new Pod("127.0.0.1", kubernetes.port(), account));
    var rules = Rulebook.of(new Rules(new SecureRandom(), Clock.systemUTC()));
    var server = manifest.path("kind").asText().equals("MCPServer");
    var review =
        (server ? GivenReview.ofServer() : GivenReview.ofConfig())
            .with("object", new JsonObject(there(manifest).toString()));
    return done(new Admission(vertx, api, rules, Set.of()).judge(review.request(), Patience.LONG));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void a_bad_manifest_is_refused(Row row) {
    var verdict = judge(row.manifest());
    assertThat(verdict.message().lines()).containsExactlyInAnyOrder(row.messages());
    assertThat(verdict.message()).doesNotContain("s3cret");
  }

  private static List<Row> warnedOf() {
    return BadManifests.rows("condition");
  }

  @ParameterizedTest
  @MethodSource("warnedOf")
  void of_what_is_not_there_yet_people_are_warned(Row row) {
    var verdict = judge(row.manifest());
    assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.ALLOWED);
    assertThat(verdict.warnings()).contains(row.messages());
  }

  @ParameterizedTest
  @ValueSource(strings = {"github", "url"})
  void the_good_one_that_it_was_made_of_is_not(String good) {
    assertThat(judge(BadManifests.good(good)).outcome()).isEqualTo(Verdict.Outcome.ALLOWED);
  }

  @Test
  void there_are_some() {
    assertThat(refused()).hasSizeGreaterThanOrEqualTo(10);
  }
}
