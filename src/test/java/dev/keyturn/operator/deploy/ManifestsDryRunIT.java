package dev.keyturn.operator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.ApiServer;
import dev.keyturn.given.GivenApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that people may apply, in a dry run of a real API server. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(GivenApiServer.class)
class ManifestsDryRunIT {
  @TempDir private Path folder;

  @BeforeAll
  static void apply_what_the_rest_needs(ApiServer server) {
    for (var file : List.of("deploy/crds", "deploy/operator/namespace.yaml")) {
      var ran =
          server.kubectl("apply", "--server-side", "-f", Path.of(file).toAbsolutePath().toString());
      assertThat(ran.code()).as(ran.output()).isZero();
    }
  }

  private static void taken(ApiServer server, Path what) {
    var ran =
        server.kubectl(
            "apply", "--server-side", "--dry-run=server", "-f", what.toAbsolutePath().toString());
    assertThat(ran.code()).as(ran.output()).isZero();
    assertThat(ran.output()).doesNotContain("Warning");
  }

  static List<Path> files() throws IOException {
    try (var files = Files.walk(Path.of("deploy"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.toString().contains("/helm/"))
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void a_file_is_taken_to_the_letter(Path file, ApiServer server) {
    taken(server, file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "production"})
  void an_overlay_is_taken_to_the_letter(String overlay, ApiServer server) throws IOException {
    var made =
        server.kubectl(
            "kustomize", Path.of("deploy/kustomize", overlay).toAbsolutePath().toString());
    assertThat(made.code()).as(made.output()).isZero();
    taken(server, Files.writeString(folder.resolve("made.yaml"), made.output()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"review-example", "file-storage", "image", "everything"})
  void what_the_reconciler_applies_is_taken_to_the_letter(String name, ApiServer server)
      throws IOException {
    server.kubectl("create", "namespace", "tools");
    var objects =
        Files.readString(
            Path.of("src/test/resources/dev/keyturn/operator/objects", name + ".yaml"));
    var known =
        List.of(objects.split("(?m)^---\n", -1)).stream()
            .filter(one -> !one.contains("kind: \"HTTPRoute\""))
            .toList();
    taken(server, Files.writeString(folder.resolve("o.yaml"), String.join("---\n", known)));
  }

  @Test
  void the_posture_is_judged_of_what_kustomize_makes(ApiServer server) throws IOException {
    var made =
        server.kubectl(
            "kustomize", Path.of("deploy/kustomize/production").toAbsolutePath().toString());
    if (Boolean.getBoolean("keyturn.write")) {
      Files.writeString(PostureTest.PRODUCTION, made.output() + "\n");
    }
    assertThat(made.output().strip()).isEqualTo(Files.readString(PostureTest.PRODUCTION).strip());
  }
}
