package dev.keyturn.operator.admission;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.ApiServer;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenApiServer;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Jar;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code operator} of the jar, as in a pod of a real API server. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(GivenApiServer.class)
class OperatorIT {
  private static final String CONFIG =
      """
      apiVersion: keyturn.dev/v1beta1
      kind: MCPExternalAuthConfig
      metadata: {name: out}
      spec:
        type: bearerToken
        bearerToken: {tokenSecretRef: {name: missing, key: token}}
      """;

  @TempDir private Path folder;

  private final GivenCertificate certificate = GivenCertificate.good();
  private final int port = FreePorts.next();
  private final int management = FreePorts.next();
  private GivenWebhooks webhooks;
  private Running operator;

  @BeforeEach
  void start(ApiServer server) {
    GivenWebhooks.install(server);
    webhooks = new GivenWebhooks(server, folder);
    webhooks.serve(certificate);
    operator =
        Jar.inPod(
            folder,
            server.port(),
            "operator",
            "--webhook-host=127.0.0.1",
            "--webhook-port=" + port,
            "--management-host=127.0.0.1",
            "--management-port=" + management,
            "--tls-dir=tls",
            "--service-account=" + webhooks.account());
    operator.line(line -> line.contains("the webhook has started; without --server-image"));
    webhooks.register(port, certificate);
  }

  @AfterEach
  void stop() {
    operator.close();
    webhooks.close();
  }

  private int status(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path));
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  @Test
  void it_judges_what_is_applied(ApiServer server) {
    var manifest = Manifests.parse(CONFIG).get(0);
    await().until(() -> !webhooks.dryRun(server.admin(), manifest).warnings().isEmpty());
    assertThat(webhooks.dryRun(server.admin(), manifest).warnings().get(0))
        .isEqualTo(
            "spec.bearerToken.tokenSecretRef names Secret missing, which is not there:"
                + " nothing runs until it is");
  }

  @Test
  void it_tells_its_health() throws IOException, InterruptedException {
    assertThat(status("/livez")).isEqualTo(200);
    assertThat(status("/startupz")).isEqualTo(200);
    assertThat(status("/readyz")).isEqualTo(200);
    assertThat(status("/metrics")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "namespace.yaml",
        "rbac.yaml",
        "deployment.yaml",
        "service.yaml",
        "networkpolicy.yaml",
        "webhook.yaml"
      })
  void its_manifests_are_taken_to_the_letter(String file, ApiServer server) {
    var ran =
        server.kubectl(
            "apply",
            "--server-side",
            "--dry-run=server",
            "-f",
            GivenWebhooks.FOLDER.resolve(file).toAbsolutePath().toString());
    assertThat(ran.code()).as(ran.output()).isZero();
    assertThat(ran.output()).doesNotContain("Warning");
  }

  @Test
  void its_bundle_stays_when_the_manifest_is_applied_again(ApiServer server) throws IOException {
    var yaml =
        Files.readString(GivenWebhooks.FOLDER.resolve("webhook.yaml"))
            .replace("metadata:\n  name: keyturn\n", "metadata:\n  name: again\n")
            .replace(
                "    namespaceSelector:\n",
                "    namespaceSelector:\n      matchLabels: {nobody: has-this}\n");
    var file = Files.writeString(folder.resolve("webhook.yaml"), yaml).toString();
    server.kubectl("apply", "--server-side", "-f", file);
    server.kubectl(
        "patch",
        "validatingwebhookconfiguration",
        "again",
        "--type=json",
        "-p",
        "[{\"op\": \"add\", \"path\": \"/webhooks/0/clientConfig/caBundle\", \"value\": \""
            + Base64.getEncoder().encodeToString(Mount.bytes(certificate.certificatePem()))
            + "\"}]");
    var again = server.kubectl("apply", "--server-side", "-f", file);
    assertThat(again.code()).as(again.output()).isZero();
    var stored = server.kubectl("get", "validatingwebhookconfiguration", "again", "-o", "json");
    server.kubectl("delete", "validatingwebhookconfiguration", "again");
    assertThat(stored.output()).contains("\"caBundle\": \"");
  }

  @Test
  void it_ends_when_it_is_told_to() {
    assertThat(operator.stop()).isIn(0, 143);
  }
}
