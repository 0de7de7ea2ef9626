package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Jar;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Readyz;
import dev.keyturn.given.Running;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar, on the folders that the manifests mount. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ManifestsIT {
  private final SecureRandom random = new SecureRandom();
  private final NewKey one = NewKey.make(SigningAlgorithm.ES256, random);
  private final NewKey two = NewKey.make(SigningAlgorithm.ES256, random);
  private final Map<String, byte[]> keys =
      new TreeMap<>(
          Map.of(
              one.fileName(Instant.EPOCH),
              Mount.bytes(one.pem()),
              "hmac-1",
              Mount.bytes("h".repeat(44)),
              "vault-1",
              Mount.bytes("v".repeat(32))));
  private final int management = FreePorts.next();
  private final Readyz readyz = new Readyz(URI.create("http://127.0.0.1:" + management));
  @TempDir private Path root;
  private Map<String, Mount> mounts = Map.of();
  private Running server;

  @BeforeEach
  void start() {
    mounts = Manifests.mounts(root);
    mounts.get("keyturn-keys").swap(keys);
    mounts.get("keyturn-upstream").swap("client-secret", "not ours to know\n");
    mounts
        .get("config")
        .swap(
            "keyturn.yaml",
            Manifests.configuration(root)
                .replace("0.0.0.0", "127.0.0.1")
                .replace("  port: 8080", "  port: " + FreePorts.next())
                .replace("port: 9090", "port: " + management)
                .replace("propagation: 2m", "propagation: 1s, poll_interval: 200ms")
                .replace("directory: true", "directory: true\n  jwks_max_age: 1s"));
    server = serve();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Running serve() {
    var running =
        Jar.start(
            root,
            Manifests.container().path("args").valueStream().toList().stream()
                .map(argument -> argument.asText().replace("/etc/keyturn", root + "/etc/keyturn"))
                .toArray(String[]::new));
    running.line(line -> line.contains("started"));
    return running;
  }

  @ParameterizedTest
  @ValueSource(strings = {"startupProbe", "livenessProbe", "readinessProbe"})
  void a_probe_is_answered(String probe) {
    var path = Manifests.container().path(probe).at("/httpGet/path").asText();
    await().untilAsserted(() -> assertThat(readyz.status(path)).isEqualTo(200));
  }

  @Test
  void a_swap_of_the_secret_takes_effect() {
    keys.put(two.fileName(Instant.now()), Mount.bytes(two.pem()));
    mounts.get("keyturn-keys").swap(keys);
    await()
        .until(
            () -> readyz.states("signing"),
            Map.of(one.key().kid(), "retiring", two.key().kid(), "signing")::equals);
  }

  @Test
  void a_swap_that_is_no_good_is_refused() {
    keys.put("hmac-1", Mount.bytes("short"));
    mounts.get("keyturn-keys").swap(keys);
    await().until(() -> !readyz.refused().isEmpty());
    assertThat(readyz.refused()).singleElement().asString().contains("hmac_secret_files[0]");
    assertThat(readyz.isReady()).isTrue();
  }

  @Test
  void a_restart_in_the_middle_of_a_rotation_goes_on_with_both_keys() {
    keys.put(two.fileName(Instant.now()), Mount.bytes(two.pem()));
    mounts.get("keyturn-keys").swap(keys);
    await().until(() -> readyz.states("signing").size() == 2);
    server.close();
    server = serve();
    assertThat(readyz.states("signing"))
        .isEqualTo(Map.of(one.key().kid(), "retiring", two.key().kid(), "signing"));
  }
}
