package dev.keyturn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BackendsTest {
  private static final List<String> ENDPOINTS =
      List.of("/oauth/token", "/oauth/register", "/oauth/register/:client_id");

  @ParameterizedTest
  @ValueSource(strings = {"/oauth/token", "/oauth/token/x", "/oauth/register/abc"})
  void refuses_a_path_that_an_endpoint_has(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backends(List.of(backend(path, path)), ENDPOINTS))
        .withMessageContaining(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/oauth", "/oauth/tokens", "/mcp"})
  void takes_a_path_that_no_endpoint_has(String path) {
    assertThat(new Backends(List.of(backend(path, "/r")), ENDPOINTS).all()).hasSize(1);
  }

  @Test
  void refuses_two_backends_at_one_path() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Backends(List.of(backend("/a", "/a"), backend("/a", "/b")), ENDPOINTS))
        .withMessageContaining("two backends");
  }

  @Test
  void refuses_two_resources_whose_metadata_would_be_in_one_place() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Backends(List.of(backend("/a", "/r"), backend("/b", "/r")), ENDPOINTS))
        .withMessageContaining("same path");
  }

  private static Backend backend(String path, String resourcePath) {
    return BackendTest.backend(path, "https://mcp.example.com" + resourcePath, "http://127.0.0.1/");
  }
}
