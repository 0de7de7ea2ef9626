package dev.keyturn.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Mount;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** What ends the operator before it runs; how it runs is seen at the API server. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OperatorCommandTest {
  private static final Map<String, String> POD =
      Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT", "1");

  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(Map<String, String> environment, String... options) {
    var words = new String[options.length + 1];
    words[0] = "operator";
    System.arraycopy(options, 0, words, 1, options.length);
    return Main.commands(factory(environment))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  private static IFactory factory(Map<String, String> environment) {
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        return type == OperatorCommand.class
            ? type.cast(new OperatorCommand(environment))
            : CommandLine.defaultFactory().create(type);
      }
    };
  }

  @Test
  void says_what_it_runs() {
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(out.toString()).contains("admission webhook", "--server-image", "--tls-dir", "8443");
  }

  @Test
  void runs_in_a_pod_only() {
    assertThat(run(Map.of())).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .endsWith("in a pod only, and here KUBERNETES_SERVICE_HOST is not set");
  }

  @Test
  void says_which_file_of_the_certificate_is_missing() {
    assertThat(run(POD, "--tls-dir", folder.toString(), "--webhook-port", "0")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "keyturn: --tls-dir names "
                + folder.resolve("tls.crt")
                + ", which does not exist; --tls-dir names "
                + folder.resolve("tls.key")
                + ", which does not exist");
  }

  @Test
  void says_which_port_is_taken() throws IOException {
    var certificate = GivenCertificate.good();
    new Mount(folder.resolve("tls"))
        .swap("tls.crt", certificate.certificatePem(), "tls.key", certificate.keyPem());
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      var dir = folder.resolve("tls").toString();
      assertThat(run(POD, "--tls-dir", dir, "--webhook-host", "127.0.0.1", "--webhook-port", port))
          .isEqualTo(1);
    }
    assertThat(err.toString()).contains("choose another with --webhook-port");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --webhook-port=70000                        | --webhook-port must be between 0 and 65535
          --management-port=-1                        | --management-port must be between 0 and 65535
          --webhook-port=9090                         | --management-port must be another than --webhook-port
          --namespace=a,B                             | --namespace: 'B' is the name of no namespace
          --namespace=../x                            | --namespace: '../x' is the name of no namespace
          --monitoring-namespace=a,B                  | --monitoring-namespace: 'B' is the name of no namespace
          --operator-namespace=Mine                   | --operator-namespace: 'Mine' is the name of no namespace
          --server-image=a b                          | --server-image: 'a b' is the name of no image
          --server-image=-x                           | --server-image: '-x' is the name of no image
          --identity=a/b                              | --identity: 'a/b' must be letters, digits, dots and dashes, as a host's name is
          --server-requests=disk=1                    | --server-requests: 'disk' must be cpu, memory or ephemeral-storage
          --server-requests=cpu=lots                  | --server-requests: 'lots' must be a number with a unit, such as 500m or 128Mi, for cpu
          --server-limits=cpu=-1                      | --server-limits: '-1' must be a number with a unit, such as 500m or 128Mi, for cpu
          --server-limits=memory=1e3                  | --server-limits: '1e3' must be a number with a unit, such as 500m or 128Mi, for memory
          """)
  void a_wrong_option_is_named(String option, String words) {
    assertThat(run(POD, option)).isEqualTo(2);
    assertThat(err.toString().lines().findFirst()).contains(words);
  }
}
