package dev.keyturn.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PodTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "443");

  @TempDir private Path account;

  private Pod pod() {
    return Pod.of(ENVIRONMENT, account);
  }

  private void token(String token) throws IOException {
    Files.writeString(account.resolve("token"), token);
  }

  @Test
  void knows_where_the_API_server_is() {
    assertThat(pod()).isEqualTo(new Pod("10.0.0.1", 443, account));
  }

  @Test
  void that_is_none_says_so() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pod.of(Map.of(), account))
        .withMessage("it works in a pod only, and here KUBERNETES_SERVICE_HOST is not set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://10.0.0.1:443", "65536", "-1"})
  void with_a_port_that_is_none_is_refused(String port) {
    var environment = Map.of("KUBERNETES_SERVICE_HOST", "h", "KUBERNETES_SERVICE_PORT", port);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pod.of(environment, account))
        .withMessage("KUBERNETES_SERVICE_PORT is no port: " + port);
  }

  @Test
  void reads_its_token_each_time() throws IOException {
    token("first\n");
    assertThat(pod().token()).isEqualTo("first");
    token("second");
    assertThat(pod().token()).isEqualTo("second");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a\r\nX-Other: b"})
  void sends_nothing_that_is_no_token(String token) throws IOException {
    token(token);
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> pod().token())
        .withMessage(account.resolve("token") + " holds no token");
  }

  @Test
  void without_an_account_says_what_is_missing() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> pod().authorities())
        .withMessage(
            account.resolve("ca.crt") + " cannot be read: is the service account mounted there?");
  }

  @Test
  void trusts_nobody_where_there_is_no_certificate() throws IOException {
    Files.writeString(account.resolve("ca.crt"), "");
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> pod().authorities())
        .withMessage(account.resolve("ca.crt") + " holds no certificate");
  }
}
