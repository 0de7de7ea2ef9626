package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ImageIT {
  private static final String VERSION = "--version";
  private static final int SECONDS = 60;

  @TempDir private static Path folder;
  private static Image image;
  private static Path root;

  @BeforeAll
  static void build() throws IOException {
    image = Image.built(folder.resolve("image"));
    root = image.unpacked(Files.createDirectory(folder.resolve("root")));
  }

  @Test
  void each_blob_is_named_by_what_it_holds() {
    assertThat(image.digests())
        .hasSize(4)
        .allSatisfy((name, content) -> assertThat(content).isEqualTo(name));
  }

  @Test
  void the_configuration_names_the_unpacked_layers() {
    assertThat(image.config().at("/rootfs/diff_ids"))
        .extracting(id -> id.textValue())
        .containsExactlyElementsOf(image.unpackedDigests());
  }

  @Test
  void it_runs_as_nobody_in_particular() {
    assertThat(image.text("User")).isEqualTo("65532:65532");
  }

  @Test
  void it_says_which_version_of_what_it_is() {
    assertThat(image.config().at("/config/Labels"))
        .extracting(label -> label.textValue())
        .contains("keyturn", "Apache-2.0")
        .anyMatch(text -> text.matches("[0-9a-f]{40}"));
  }

  @Test
  void its_user_owns_one_folder_and_nothing_else() {
    assertThat(image.files())
        .filteredOn(line -> !line.contains(" 0/0 "))
        .singleElement()
        .asString()
        .startsWith("drwx------ 65532/65532 ")
        .endsWith(" var/lib/keyturn/");
  }

  @Test
  void nothing_in_it_gains_rights() {
    assertThat(image.files()).noneMatch(line -> line.substring(0, 10).matches(".*[sS].*"));
  }

  @Test
  void nobody_but_root_may_change_it_except_for_temporary_files() {
    assertThat(image.files())
        .filteredOn(line -> !line.startsWith("l") && line.substring(4, 10).contains("w"))
        .singleElement()
        .asString()
        .startsWith("drwxrwxrwt ")
        .endsWith(" tmp/");
  }

  @Test
  void there_is_no_shell_and_no_package_manager() {
    assertThat(image.files())
        .noneMatch(line -> line.matches(".*/(sh|bash|dash|busybox|dpkg|apt|apt-get|perl|keytool)"));
  }

  @Test
  void it_tells_its_version() {
    try (var running = image.start(root, Map.of(), VERSION)) {
      assertThat(running.exit(SECONDS)).isZero();
      assertThat(running.lines()).singleElement().asString().matches("keyturn [0-9].*");
    }
  }

  @Test
  void it_serves_from_its_own_files() throws IOException {
    try (var running = image.start(root, Map.of(), "serve", "--config", configure())) {
      assertThat(running.line(line -> line.contains(" started ")))
          .contains("crypto=\"AmazonCorrettoCryptoProvider\"");
    }
  }

  @Test
  void it_uses_its_cache_of_classes() {
    // Without this option a cache that does not fit is no reason not to start.
    try (var running = image.start(root, Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on"), VERSION)) {
      assertThat(running.exit(SECONDS)).as(() -> running.lines().toString()).isZero();
    }
  }

  private static String configure() throws IOException {
    var tmp = root.resolve("tmp");
    try (var key = ImageIT.class.getResourceAsStream("/dev/keyturn/keys/p256-pkcs8.pem")) {
      Files.write(tmp.resolve("key.pem"), key.readAllBytes());
    }
    Files.writeString(tmp.resolve("hmac"), "h".repeat(48));
    Files.writeString(
        tmp.resolve("keyturn.yaml"),
        """
        issuer: http://127.0.0.1:8080
        server: {host: 127.0.0.1, port: 0, management_port: 0}
        storage: {type: file, file_config: {path: /var/lib/keyturn/data}}
        signing_key_config: {signing_key_file: /tmp/key.pem}
        hmac_secret_files: [/tmp/hmac]
        allowed_audiences: [http://127.0.0.1:8080/mcp]
        upstreams:
          - {name: away, type: oidc, oidc_config: {issuer_url: "http://127.0.0.1:9", client_id: c}}
        """);
    return "/tmp/keyturn.yaml";
  }
}
