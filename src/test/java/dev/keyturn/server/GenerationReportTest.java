package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GenerationReportTest {
  private static final Instant LATER = Instant.EPOCH.plusSeconds(60);

  private final InForce now = inForce("r1");

  private static InForce inForce(String revision) {
    var config =
        new RunConfigReader(Map.of(), new SecureRandom())
            .read(
                """
                revision: %s
                issuer: http://127.0.0.1:8080
                server: {port: 0, management_port: 0}
                storage: {type: memory}
                upstreams:
                  - {type: oidc, oidc_config: {issuer_url: "http://127.0.0.1:9", client_id: c}}
                gateway: {backends: [{path: /mcp, url: "http://127.0.0.1:9/mcp"}]}
                """
                    .formatted(revision),
                Path.of(""))
            .orElseThrow();
    return InForce.first(config, GivenConfig.kept(GivenConfig.means(), config));
  }

  private static GenerationReport report(InForce now) {
    return GenerationReport.of(now, Instant.EPOCH, Optional.empty());
  }

  @Test
  void repeats_the_revision() {
    var json = report(now).toJson(new JsonArray(), List.of(), List.of());
    assertThat(json.getString("revision")).isEqualTo("r1");
  }

  @Test
  void is_loaded_once_whatever_time_does_to_keys() {
    assertThat(GenerationReport.of(now, LATER, Optional.of(report(now))).loadedAt())
        .isEqualTo(Instant.EPOCH);
  }

  @Test
  void has_the_same_fingerprint_where_the_same_is_in_force() {
    assertThat(report(now).fingerprint()).isEqualTo(report(now).fingerprint());
  }

  @Test
  void has_another_fingerprint_with_another_key() {
    assertThat(report(inForce("r1")).fingerprint()).isNotEqualTo(report(now).fingerprint());
  }

  @Test
  void says_why_something_newer_is_refused() {
    var json = report(now).toJson(new JsonArray(), List.of("hmac_secret_files[0]"), List.of());
    assertThat(json.getJsonArray("refused")).containsExactly("hmac_secret_files[0]");
  }
}
