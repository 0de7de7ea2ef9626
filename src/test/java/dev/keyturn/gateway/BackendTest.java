package dev.keyturn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BackendTest {
  private static final String URL = "http://127.0.0.1:9000/inner";
  private static final String RESOURCE = "https://mcp.example.com/mcp";

  @ParameterizedTest
  @ValueSource(strings = {"", "mcp", "/mcp/", "//mcp", "/a/../b", "/a%20b", "/a/:b", "/a*", "/a?b"})
  void refuses_a_path_that_is_not_plain(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend(path, RESOURCE, URL))
        .withMessageStartingWith("path ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://mcp.example.com/mcp", "https://mcp.example.com/mcp?a=b",
        "https://mcp.example.com/a/:b", "https://mcp.example.com/a//b"
      })
  void refuses_a_resource_that_has_no_place_for_metadata(String resource) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend("/mcp", resource, URL))
        .withMessageStartingWith("resource ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/inner",
        "ftp://127.0.0.1/",
        "http:inner",
        "http://user@127.0.0.1/",
        "http://127.0.0.1/?a",
        "http://127.0.0.1/#a",
        "http://127.0.0.1/a/../b"
      })
  void refuses_a_url_that_no_request_can_be_sent_to(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend("/mcp", RESOURCE, url))
        .withMessageStartingWith("url ");
  }

  @Test
  void refuses_to_accept_no_audience_at_all() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Backend(
                    "/mcp",
                    new ResourceIndicator(RESOURCE),
                    URI.create(URL),
                    Scopes.NONE,
                    List.of(),
                    new Unauthenticated()))
        .withMessageStartingWith("audiences ");
  }

  @Test
  void never_requires_offline_access() {
    assertThat(backend("/mcp", RESOURCE, URL).scopes()).isEqualTo(Scopes.parse("mcp:read"));
  }

  @ParameterizedTest
  @CsvSource({
    "/mcp, http://b, /mcp, /",
    "/mcp, http://b/, /mcp, /",
    "/mcp, http://b/, /mcp/x, /x",
    "/mcp, http://b/y, /mcp, /y",
    "/mcp, http://b/y, /mcp/, /y/",
    "/mcp, http://b/y/, /mcp/x, /y/x",
    "/, http://b/y, /, /y",
    "/, http://b/y, /x, /y/x",
  })
  void puts_the_rest_of_the_path_behind_that_of_the_url(
      String path, String url, String requested, String target) {
    assertThat(backend(path, RESOURCE, url).target(requested, Optional.empty())).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource({
    "https://mcp.example.com/mcp, https://mcp.example.com/.well-known/oauth-protected-resource/mcp",
    "https://mcp.example.com, https://mcp.example.com/.well-known/oauth-protected-resource",
    "https://mcp.example.com/, https://mcp.example.com/.well-known/oauth-protected-resource",
    "http://localhost:8080/a/b, http://localhost:8080/.well-known/oauth-protected-resource/a/b",
  })
  void has_its_metadata_between_host_and_path(String resource, String metadata) {
    assertThat(backend("/mcp", resource, URL).asResource().metadataUrl()).isEqualTo(metadata);
  }

  @Test
  void is_named_by_another_spelling_of_its_resource() {
    var backend = backend("/mcp", RESOURCE, URL);
    assertThat(backend.isNamedBy(List.of("not a URI", "HTTPS://MCP.example.com:443/mcp"))).isTrue();
    assertThat(backend.isNamedBy(List.of("https://mcp.example.com/mcp/x"))).isFalse();
  }

  @Test
  void is_named_by_a_further_name_in_its_exact_spelling() {
    var known = new Audience("issues-lister");
    var backend = backend("/mcp", RESOURCE, URL, List.of(known));
    assertThat(backend.isNamedBy(List.of("issues-lister"))).isTrue();
    assertThat(backend.isNamedBy(List.of("Issues-Lister"))).isFalse();
  }

  @Test
  void has_no_name_with_a_blank() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Audience("issues lister"))
        .withMessageStartingWith("audience ");
  }

  static Backend backend(String path, String resource, String url) {
    return backend(path, resource, url, List.of(new Audience(resource)));
  }

  private static Backend backend(
      String path, String resource, String url, List<Audience> audiences) {
    return new Backend(
        path,
        new ResourceIndicator(resource),
        URI.create(url),
        Scopes.parse("mcp:read offline_access"),
        audiences,
        new Unauthenticated());
  }
}
