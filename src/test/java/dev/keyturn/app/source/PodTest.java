package dev.keyturn.app.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
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
}
