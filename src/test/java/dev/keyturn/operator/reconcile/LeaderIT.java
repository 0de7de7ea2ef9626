package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.operator.reconcile.GivenCluster.condition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.ApiServer;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenApiServer;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Jar;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Running;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two operators as processes of the jar, one of which works. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(GivenApiServer.class)
class LeaderIT {
  private static final String CONFIG =
      """
      apiVersion: keyturn.dev/v1beta1
      kind: MCPExternalAuthConfig
      metadata: {name: %s}
      spec: {type: unauthenticated}
      """;

  @TempDir private Path folder;
  private GivenCluster cluster;
  private Running first;
  private Running second;

  @BeforeEach
  void start(ApiServer server) {
    cluster = new GivenCluster(server, folder);
    var certificate = GivenCertificate.good();
    new Mount(folder.resolve("tls"))
        .swap("tls.crt", certificate.certificatePem(), "tls.key", certificate.keyPem());
    first = operator("first");
    first.line(line -> line.contains("this process leads"));
    second = operator("second");
    second.line(line -> line.contains("runs for election"));
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    cluster.close();
  }

  private Running operator(String identity) {
    return Jar.inPod(
        folder,
        cluster.port(),
        "operator",
        "--webhook-host=127.0.0.1",
        "--webhook-port=" + FreePorts.next(),
        "--management-host=127.0.0.1",
        "--management-port=" + FreePorts.next(),
        "--tls-dir=tls",
        "--namespace=" + cluster.namespace(),
        "--server-image=keyturn:1",
        "--identity=" + identity,
        "--service-account=" + cluster.account());
  }

  private static boolean leads(Running operator) {
    return operator.lines().stream().anyMatch(line -> line.contains("this process leads"));
  }

  @Test
  void one_that_is_killed_is_followed_by_the_other() {
    cluster.apply(CONFIG.formatted("before"));
    cluster.awaitConfig("before", now -> condition(now, "Valid").equals("True Valid"));
    assertThat(leads(second)).isFalse();
    first.kill();
    cluster.apply(CONFIG.formatted("after"));
    cluster.awaitConfig("after", now -> condition(now, "Valid").equals("True Valid"));
    assertThat(leads(second)).isTrue();
  }

  @Test
  void one_that_is_told_to_end_gives_the_lease_back() {
    first.stop();
    await().until(() -> leads(second));
    assertThat(List.of(first.isAlive(), second.isAlive())).containsExactly(false, true);
  }
}
