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
import dev.keyturn.given.Patience;
import dev.keyturn.given.Running;
import dev.keyturn.given.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private static final Set<String> WRITES = Set.of("create", "patch", "update", "delete");

  @TempDir private Path folder;
  private final Wire wire = new Wire();
  private GivenCluster cluster;
  private Running first;
  private Running second;
  private int management;

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
    management = FreePorts.next();
    return Jar.inPod(
        folder,
        cluster.port(),
        "operator",
        "--webhook-host=127.0.0.1",
        "--webhook-port=" + FreePorts.next(),
        "--management-host=127.0.0.1",
        "--management-port=" + management,
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
  void one_that_is_killed_and_comes_back_under_its_name_leads_again() {
    second.stop();
    first.kill();
    first = operator("first");
    first.line(line -> line.contains("the reconciler works"));
    assertThat(first.lines()).noneMatch(line -> line.contains("does not start"));
  }

  @Test
  void one_that_is_told_to_end_gives_the_lease_back() {
    first.stop();
    await().until(() -> leads(second));
    assertThat(List.of(first.isAlive(), second.isAlive())).containsExactly(false, true);
  }

  /** Sends a signal that a process cannot hear: it does nothing from then on, or goes on. */
  private void signal(String signal, Running operator) {
    Running.start(folder, List.of("kill", "-" + signal, String.valueOf(operator.pid())))
        .exit(Patience.SECONDS);
  }

  /** The last moment at which an operator wrote something else than the Lease. */
  private static String lastWrite(ApiServer server, String identity) {
    return server.audit().stream()
        .filter(call -> call.path("userAgent").asText().equals("Keyturn " + identity))
        .filter(call -> !call.at("/objectRef/resource").asText().equals("leases"))
        .filter(call -> WRITES.contains(call.path("verb").asText()))
        .map(call -> call.path("requestReceivedTimestamp").asText())
        .max(String::compareTo)
        .orElse("");
  }

  @Test
  void one_that_was_held_up_writes_nothing_beside_the_other(ApiServer server) {
    cluster.apply(CONFIG.formatted("before"));
    cluster.awaitConfig("before", now -> condition(now, "Valid").equals("True Valid"));
    signal("STOP", first);
    try {
      second.line(line -> line.contains("this process leads"));
      cluster.apply(CONFIG.formatted("after"));
      cluster.awaitConfig("after", now -> condition(now, "Valid").equals("True Valid"));
      var since = lastWrite(server, "second");
      signal("CONT", first);
      first.line(line -> line.contains("this process leads no more"));
      cluster.apply(CONFIG.formatted("later"));
      cluster.awaitConfig("later", now -> condition(now, "Valid").equals("True Valid"));
      assertThat(lastWrite(server, "first")).isNotEmpty().isLessThan(since);
    } finally {
      signal("CONT", first);
    }
  }

  @Test
  void one_that_may_not_list_says_so(ApiServer server) {
    server.kubectl("delete", "clusterrolebinding", "keyturn-operator-reconciles");
    try {
      first.kill();
      second.line(line -> line.contains("this process leads"));
      var readyz = URI.create("http://127.0.0.1:" + management + "/readyz");
      await()
          .untilAsserted(
              () ->
                  assertThat(wire.send("GET", readyz, Map.of(), "").body())
                      .contains("deployments (the API server answers 403)", "\"listed\":false"));
      var metrics = wire.send("GET", readyz.resolve("/metrics"), Map.of(), "").body();
      assertThat(metrics).containsPattern("keyturn_operator_behind 1?[0-9]");
    } finally {
      GivenCluster.install(server);
    }
  }
}
