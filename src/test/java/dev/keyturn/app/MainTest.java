package dev.keyturn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("it looks at the output of the whole process")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MainTest {
  private final PrintStream usualOut = System.out;
  private final PrintStream usualErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    System.setOut(usualOut);
    System.setErr(usualErr);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private int serve(Path config) {
    return Main.run("serve", "--config", config.toString());
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void helps() {
    assertThat(Main.run("--help")).isZero();
    assertThat(out()).contains("Usage: keyturn", "demo", "serve", "Exit codes:");
  }

  @Test
  void helps_with_a_command() {
    assertThat(Main.run("serve", "--help")).isZero();
    assertThat(out()).contains("--config");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "check"})
  void says_how_a_config_map_is_spelled(String command) {
    assertThat(Main.run(command, "--config", "kubernetes:configmap/mcp/keyturn")).isEqualTo(2);
    assertThat(err()).contains("write kubernetes:configmap/NAMESPACE/NAME/KEY");
  }

  @Test
  void tells_its_version() {
    assertThat(Main.run("--version")).isZero();
    assertThat(out()).startsWith("keyturn ");
  }

  @Test
  void needs_a_command() {
    assertThat(Main.run(new String[0])).isEqualTo(2);
    assertThat(err()).startsWith("Name a command.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--nope",
        "nope",
        "serve",
        "serve --config",
        "serve --nope",
        "serve --config x --port many",
        "serve --config x --port 65536",
        "serve --config x --port -1",
        "demo --port 65536"
      })
  void refuses_a_wrong_command_line(String line) {
    assertThat(Main.run(line.split(" "))).isEqualTo(2);
    assertThat(err()).isNotEmpty().doesNotContain("\tat ");
  }

  @Test
  void says_that_there_is_no_file() {
    var missing = folder.resolve("none.yaml");
    assertThat(serve(missing)).isEqualTo(1);
    assertThat(err().lines()).containsExactly("keyturn: there is no file " + missing);
  }

  @Test
  void says_that_a_directory_is_no_file() {
    assertThat(serve(folder)).isEqualTo(1);
    assertThat(err().lines())
        .containsExactly("keyturn: the configuration " + folder + " is a directory");
  }

  @Test
  void says_that_a_file_is_no_text() throws IOException {
    var binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, (byte) 0x28});
    assertThat(serve(binary)).isEqualTo(1);
    assertThat(err().lines())
        .containsExactly("keyturn: the configuration " + binary + " is not UTF-8 text");
  }

  @Test
  void lists_everything_that_is_wrong_and_no_secret() throws IOException {
    var secret = file("secret", "m4rker-s3cr3t");
    var config =
        file(
            "config.yaml",
            """
            issuer: http://as.example.com
            server: {port: -1}
            hmac_secret_files: [%s]
            allowed_audiences: ['https://mcp.example.com']
            upstreams:
              - type: oidc
                oidc_config: {issuer_url: "http://x.example", client_id: c, client_secret_file: %s}
            """
                .formatted(secret, secret));
    assertThat(serve(config)).isEqualTo(1);
    assertThat(err().lines())
        .containsExactlyInAnyOrder(
            "keyturn: " + config + " cannot be used:",
            "  issuer must be https: http is for loopback, or with insecure_allow_http: true",
            "  server.port must be between 0 and 65535",
            "  hmac_secret_files[0] names "
                + secret
                + ", which holds 13 bytes: an HMAC secret needs at least 32",
            "  upstreams[0].oidc_config.issuer_url must be an https URL without a query");
    assertThat(out() + err()).doesNotContain("s3cr3t");
  }

  @Test
  void says_where_a_document_is_broken() throws IOException {
    assertThat(serve(file("config.yaml", "issuer: [\n"))).isEqualTo(1);
    assertThat(err()).contains("the configuration cannot be read: line 1, column 10: ");
  }

  @Test
  void says_that_one_port_cannot_serve_two_purposes() throws IOException {
    var config =
        file(
            "config.yaml",
            """
            issuer: https://as.example.com
            storage: {type: memory}
            allowed_audiences: ['https://mcp.example.com']
            upstreams:
              - {type: oidc, oidc_config: {issuer_url: 'https://idp.example.com', client_id: c}}
            """);
    assertThat(Main.run("serve", "--config", config.toString(), "--port", "9090")).isEqualTo(1);
    assertThat(err()).contains("keyturn: management_port must be another than port");
  }
}
