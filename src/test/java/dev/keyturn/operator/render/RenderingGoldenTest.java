package dev.keyturn.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.Ephemeral;
import dev.keyturn.server.RunConfig;
import dev.keyturn.server.RunConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the resources of each folder are rendered to, as somebody read it once.
 *
 * <p>{@code -Dkeyturn.write=true} writes the files anew.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RenderingGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/keyturn/operator/render");

  static List<Path> folders() throws IOException {
    try (var folders = Files.list(FOLDER)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void a_folder_is_rendered_as_it_was_read(Path folder) throws IOException {
    var rendered = GivenNamespace.in(folder.resolve("resources.yaml")).rendered();
    var expected = folder.resolve("rendered.txt");
    if (Boolean.getBoolean("keyturn.write")) {
      Files.writeString(expected, text(rendered));
    }
    assertThat(text(rendered)).isEqualTo(Files.readString(expected));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void serve_takes_every_run_configuration_without_a_word(Path folder) {
    var rendered = GivenNamespace.in(folder.resolve("resources.yaml")).rendered();
    assertThat(rendered.deployments()).isNotEmpty();
    assertThat(rendered.deployments())
        .allSatisfy(deployed -> assertThat(reader(deployed).findings().all()).isEmpty());
  }

  private static RunConfigReader reader(Deployed deployed) {
    var reader =
        new RunConfigReader(
            new GivenSecrets(), Map.of(), new Ephemeral(new SecureRandom()), Clock.systemUTC());
    Optional<RunConfig> read = reader.read(deployed.runConfig(), Path.of("/"));
    assertThat(reader.findings().hasErrors() || read.isPresent()).isTrue();
    return reader;
  }

  private static String text(Rendered rendered) {
    return Stream.concat(
            rendered.deployments().stream().map(RenderingGoldenTest::text),
            rendered.remarks().stream()
                .map(remark -> remark.weight() + " " + remark.object() + " " + remark + "\n"))
        .collect(Collectors.joining("\n"));
  }

  private static String text(Deployed deployed) {
    return Stream.of(
            Stream.of(
                "deployment " + deployed.name(),
                "issuer " + deployed.issuer(),
                "servers " + String.join(" ", deployed.servers()),
                "replicas " + deployed.replicas().map(String::valueOf).orElse("left open"),
                "restart " + deployed.restartHash()),
            deployed.mounts().stream()
                .map(mount -> "mount " + mount.kind() + " " + mount.name() + " " + mount.path()),
            deployed.redirectUris().stream().map(uri -> "redirect " + uri),
            deployed.urls().stream().map(url -> "url " + url),
            Stream.of("", deployed.runConfig()))
        .flatMap(lines -> lines)
        .collect(Collectors.joining("\n"));
  }
}
