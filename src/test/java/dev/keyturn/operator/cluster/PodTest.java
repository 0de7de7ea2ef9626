package dev.keyturn.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PodTest {
  private static final String HOST = "KUBERNETES_SERVICE_HOST";
  private static final String PORT = "KUBERNETES_SERVICE_PORT";

  private static final Path ACCOUNT = Path.of("account");

  @Test
  void knows_the_api_server_and_its_account() {
    assertThat(Pod.of(Map.of(HOST, "10.96.0.1", PORT, "443"), ACCOUNT))
        .isEqualTo(new Pod("10.96.0.1", 443, ACCOUNT));
  }

  @ParameterizedTest
  @ValueSource(strings = {HOST, PORT})
  void there_is_none_outside_of_a_cluster(String missing) {
    assertThatThrownBy(() -> Pod.of(Map.of(missing.equals(HOST) ? PORT : HOST, "1"), ACCOUNT))
        .hasMessage("kubernetes: works in a pod only, and here " + missing + " is not set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://10.96.0.1:443", "-1", "65536", "123456"})
  void a_port_is_a_number(String port) {
    assertThatThrownBy(() -> Pod.of(Map.of(HOST, "10.96.0.1", PORT, port), ACCOUNT))
        .hasMessageContaining("is no port");
  }

  @Nested
  class An_account {
    @TempDir private Path folder;

    private Pod pod() {
      return new Pod("10.96.0.1", 443, folder);
    }

    private void token(String token) throws IOException {
      Files.writeString(folder.resolve("token"), token);
    }

    private void refuses(ThrowingCallable reading, String file, String words) {
      assertThatExceptionOfType(ClusterException.class)
          .isThrownBy(reading)
          .withMessage(folder.resolve(file) + words);
    }

    @Test
    void is_read_each_time() throws IOException {
      token("first\n");
      assertThat(pod().token()).isEqualTo("first");
      token("second");
      assertThat(pod().token()).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "a\r\nX-Other: b"})
    void sends_nothing_that_is_no_token(String token) throws IOException {
      token(token);
      refuses(() -> pod().token(), "token", " holds no token");
    }

    @Test
    void that_is_not_mounted_is_missed() {
      refuses(
          () -> pod().authorities(),
          "ca.crt",
          " cannot be read: is the service account mounted there?");
    }

    @Test
    void trusts_nobody_where_there_is_no_certificate() throws IOException {
      Files.writeString(folder.resolve("ca.crt"), "");
      refuses(() -> pod().authorities(), "ca.crt", " holds no certificate");
    }
  }
}
