package dev.keyturn.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.given.Running;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The published jar in a project that has nothing else. Maven asks the registry for descriptions of
 * versions that lose, so without one it can only be tried where they have been seen before.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PlainArtifactIT {
  private static final int SECONDS = 300;
  private static final Path PLAIN = Path.of(System.getProperty("keyturn.plain"));

  @TempDir private Path folder;
  private final List<Path> links = new ArrayList<>();

  /** The links alone, before somebody clears the folder and what lies behind them. */
  @AfterEach
  void unlink() throws IOException {
    for (var link : links) {
      Files.delete(link);
    }
  }

  @Test
  void a_project_that_names_it_starts_a_server() throws IOException {
    var project = project();
    var maven = Path.of(System.getProperty("maven.home"), "bin", "mvn").toString();
    var repository = "-Dmaven.repo.local=" + repository();
    try (var running = Running.start(project, List.of(maven, "-B", repository, "test"))) {
      var exit = running.exit(SECONDS);
      var said = String.join("\n", running.lines());
      assumeTrue(!said.contains("Could not transfer") || System.getenv("CI") != null, said);
      assertThat(exit).as(said).isZero();
    }
    var ours = jars(System.getProperty("java.class.path"));
    ours.add(PLAIN.getFileName().toString());
    assertThat(jars(Files.readString(project.resolve("class-path"))))
        .as("what the project runs with, compared to what our tests run with")
        .isNotEmpty()
        .isSubsetOf(ours);
  }

  @Test
  void it_holds_our_classes_only() throws IOException {
    try (var jar = new JarFile(PLAIN.toFile())) {
      assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class")))
          .isNotEmpty()
          .allMatch(name -> name.startsWith("dev/keyturn/"));
    }
  }

  private Path project() throws IOException {
    var project = Files.createDirectories(folder.resolve("project"));
    var tests = Files.createDirectories(project.resolve("src/test/java"));
    var pom = resource("pom.xml").replace("@keyturn@", version()).replace("@junit@", junit());
    for (var plugin : List.of("resources", "compiler", "surefire")) {
      var name = "maven-" + plugin + "-plugin";
      pom = pom.replace("@" + name + "@", ours(name + "</artifactId>\\s*<version>([^<]+)<"));
    }
    Files.writeString(project.resolve("pom.xml"), pom);
    Files.writeString(tests.resolve("EmbedderTest.java"), resource("EmbedderTest.java.txt"));
    return project;
  }

  /** All that this computer has downloaded already, and the jar as it would be published. */
  private Path repository() throws IOException {
    var local = Path.of(System.getProperty("maven.local"));
    var repository = Files.createDirectories(folder.resolve("repository"));
    link(local, repository, Set.of("dev"));
    link(
        local.resolve("dev"),
        Files.createDirectories(repository.resolve("dev")),
        Set.of("keyturn"));
    var place = repository.resolve("dev/keyturn/keyturn").resolve(version());
    var name = "keyturn-" + version();
    Files.createDirectories(place);
    Files.copy(PLAIN, place.resolve(name + ".jar"));
    Files.copy(Path.of("pom.xml"), place.resolve(name + ".pom"));
    return repository;
  }

  private void link(Path from, Path to, Set<String> except) throws IOException {
    try (Stream<Path> children = Files.list(from)) {
      for (var child : children.toList()) {
        var name = child.getFileName().toString();
        if (!except.contains(name)) {
          links.add(Files.createSymbolicLink(to.resolve(name), child));
        }
      }
    }
  }

  private static Set<String> jars(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator))
        .map(path -> Path.of(path).getFileName().toString())
        .filter(name -> name.endsWith(".jar"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static String version() throws IOException {
    return ours("<artifactId>keyturn</artifactId>\\s*<version>([^<]+)<");
  }

  private static String junit() throws IOException {
    return ours("<junit.version>([^<]+)<");
  }

  private static String ours(String pattern) throws IOException {
    var found = Pattern.compile(pattern).matcher(Files.readString(Path.of("pom.xml")));
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(1);
  }

  private static String resource(String name) throws IOException {
    try (var file = PlainArtifactIT.class.getResourceAsStream("consumer/" + name)) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
