package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Jar;
import dev.keyturn.given.Patience;
import dev.keyturn.given.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar says in a line what is wrong, and goes when it is told to. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StartUpIT {
  /** Where others keep the processors busy, Vert.x finds that its threads do not get on. */
  private static final Pattern OF_A_BUSY_MACHINE =
      Pattern.compile("BlockedThreadChecker|VertxException: Thread blocked|^\\s+at ");

  @TempDir private Path folder;
  @TempDir private Path temporary;

  @Test
  void a_demo_whose_port_is_taken_says_so_in_one_line() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var demo = Jar.start(folder, "demo", "--port", String.valueOf(taken.getLocalPort()));
      assertThat(demo.exit(Patience.SECONDS)).isEqualTo(1);
      assertThat(said(demo)).singleElement().asString().startsWith("keyturn: the port is taken");
    }
  }

  @Test
  void serve_without_a_configuration_is_a_wrong_command_line() {
    var serve = Jar.start(folder, "serve");
    assertThat(serve.exit(Patience.SECONDS)).isEqualTo(2);
    assertThat(serve.lines()).anyMatch(line -> line.contains("--config"));
  }

  @Test
  void an_unknown_command_is_a_wrong_command_line() {
    assertThat(Jar.start(folder, "bake").exit(Patience.SECONDS)).isEqualTo(2);
  }

  @Test
  void no_command_is_a_wrong_command_line() {
    assertThat(Jar.start(folder).exit(Patience.SECONDS)).isEqualTo(2);
  }

  @Test
  void a_port_that_is_none_is_a_wrong_command_line() {
    assertThat(Jar.start(folder, "demo", "--port", "70000").exit(Patience.SECONDS)).isEqualTo(2);
  }

  @Test
  void a_configuration_that_is_not_there_is_named() {
    var serve = Jar.start(folder, "serve", "--config", "nowhere.yaml");
    assertThat(serve.exit(Patience.SECONDS)).isEqualTo(1);
    assertThat(said(serve))
        .singleElement()
        .asString()
        .startsWith("keyturn: ")
        .contains("nowhere.yaml");
  }

  @Test
  void a_broken_configuration_is_told_all_that_is_wrong_with_it() throws IOException {
    Files.writeString(
        folder.resolve("broken.yaml"),
        """
        issuer: http://public.example
        server: {port: 99999}
        storrage: {type: memory}
        hmac_secret_files: [missing]
        upstreams:
          - {name: idp, type: oidc, oidc_config: {issuer_url: "https://idp.example"}}
        gateway:
          backends: [{path: /mcp, url: "http://127.0.0.1:1/mcp"}]
        """);
    var serve = Jar.start(folder, "serve", "--config", "broken.yaml");
    assertThat(serve.exit(Patience.SECONDS)).isEqualTo(1);
    assertThat(String.join("\n", serve.lines()))
        .contains(
            "broken.yaml cannot be used:",
            "issuer must be https",
            "server.port",
            "storrage",
            "hmac_secret_files[0]",
            "upstreams[0].oidc_config.client_id")
        .doesNotContain("\tat ", "Exception");
  }

  @Test
  void a_configuration_that_is_no_YAML_is_told_so_without_a_stack_trace() throws IOException {
    Files.writeString(folder.resolve("broken.yaml"), "issuer: [\n");
    var serve = Jar.start(folder, "serve", "--config", "broken.yaml");
    assertThat(serve.exit(Patience.SECONDS)).isEqualTo(1);
    assertThat(serve.lines()).noneMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void a_demo_that_is_told_to_stop_leaves_no_file_behind() throws IOException {
    var demo = Jar.start(folder, List.of("-Djava.io.tmpdir=" + temporary), "demo", "--port", "0");
    Jar.mcp(demo);
    // 143 is how the JVM says that it was SIGTERM, after everything has been stopped.
    assertThat(demo.stop()).isIn(0, 143);
    assertThat(files(folder)).isEmpty();
    assertThat(files(temporary)).isEmpty();
  }

  @Test
  void a_demo_that_is_told_to_stop_prints_no_stack_trace() {
    var demo = Jar.demo(folder);
    Jar.mcp(demo);
    demo.stop();
    assertThat(said(demo)).noneMatch(line -> line.contains("Exception"));
  }

  private static List<String> said(Running process) {
    return process.lines().stream()
        .filter(line -> !line.isBlank() && !OF_A_BUSY_MACHINE.matcher(line).find())
        .toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> !file.equals(folder)).toList();
    }
  }
}
