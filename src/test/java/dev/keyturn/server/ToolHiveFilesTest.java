package dev.keyturn.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.upstream.OAuth2Upstream;
import dev.keyturn.upstream.OidcUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the kind that ToolHive writes for the authorization server inside its proxy. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ToolHiveFilesTest {
  private static final String MOUNTED = "/etc/toolhive/authserver";
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "TOOLHIVE_UPSTREAM_CLIENT_SECRET_WORKFORCE", "workforce-s3cr3t",
          "TOOLHIVE_UPSTREAM_CLIENT_SECRET_CHAT", "chat-s3cr3t",
          "TOOLHIVE_AUTH_SERVER_REDIS_USERNAME", "tools",
          "TOOLHIVE_AUTH_SERVER_REDIS_PASSWORD", "redis-s3cr3t");

  private final RunConfigReader reader = new RunConfigReader(ENVIRONMENT, new SecureRandom());

  @TempDir private Path mounted;

  @BeforeEach
  void mount_secrets() throws IOException {
    for (var folder : List.of("keys", "hmac", "upstream")) {
      Files.createDirectory(mounted.resolve(folder));
    }
    Files.write(mounted.resolve("keys/key-0.pem"), resource("../keys/p256-pkcs8.pem"));
    Files.write(mounted.resolve("keys/key-1.pem"), resource("../keys/rsa2048-pkcs8.pem"));
    Files.write(mounted.resolve("hmac/hmac-0"), new byte[32]);
    Files.write(mounted.resolve("hmac/hmac-1"), new byte[48]);
    Files.writeString(mounted.resolve("upstream/secret"), "forge-s3cr3t\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"oidc.yaml", "userinfo.json", "token-response.yaml"})
  void a_file_is_read_as_it_is(String file) throws IOException {
    assertThat(read(file)).isPresent();
    assertThat(errors()).isEmpty();
  }

  @Test
  void its_signing_key_and_its_fallback_key_are_ours() throws IOException {
    assertThat(GivenConfig.keys(valid("oidc.yaml")).algorithms()).containsExactly("ES256", "RS256");
  }

  @Test
  void its_only_audience_is_the_resource() throws IOException {
    assertThat(valid("oidc.yaml").granting().offer().audiences())
        .extracting(ResourceIndicator::value)
        .containsExactly("https://tools.example.com/mcp");
  }

  @ParameterizedTest
  @CsvSource({
    "oidc.yaml, workforce-s3cr3t",
    "userinfo.json, forge-s3cr3t",
    "token-response.yaml, chat-s3cr3t"
  })
  void its_client_secret_is_found(String file, String secret) throws IOException {
    assertThat(valid(file).upstream().clientSecret().orElseThrow().value()).isEqualTo(secret);
  }

  @Test
  void an_openid_provider_stays_one() throws IOException {
    assertThat(valid("oidc.yaml").upstream()).isInstanceOf(OidcUpstream.Config.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"userinfo.json", "token-response.yaml"})
  void an_oauth_provider_stays_one(String file) throws IOException {
    assertThat(valid(file).upstream()).isInstanceOf(OAuth2Upstream.Config.class);
  }

  @ParameterizedTest
  @CsvSource({
    "redis.yaml, 'vault.key_files is missing, and so is hmac_secret_files: with storage.type redis"
        + " name one of them, since every process must open what another has sealed'",
    "both-secrets.json, upstreams[0].oidc_config.client_secret_env_var must not be given together"
        + " with client_secret_file"
  })
  void what_differs_on_purpose_is_the_only_finding(String file, String finding) throws IOException {
    assertThat(read(file)).isEmpty();
    assertThat(errors()).containsExactly(finding);
  }

  private RunConfig valid(String file) throws IOException {
    return read(file).orElseThrow(() -> new AssertionError(errors().toString()));
  }

  private Optional<RunConfig> read(String file) throws IOException {
    var document = new String(resource("toolhive/" + file), UTF_8);
    return reader.read(document.replace(MOUNTED, mounted.toString()), Path.of(""));
  }

  private List<String> errors() {
    return reader.findings().errors().stream().map(Finding::toString).toList();
  }

  private static byte[] resource(String name) throws IOException {
    var path = Path.of("/dev/keyturn/server").resolve(name).normalize().toString();
    try (var in = ToolHiveFilesTest.class.getResourceAsStream(path)) {
      return Objects.requireNonNull(in, path).readAllBytes();
    }
  }
}
