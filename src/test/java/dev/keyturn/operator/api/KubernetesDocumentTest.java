package dev.keyturn.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * The reference of fields is made of the definitions, and every manifest that the documentation
 * shows is a good one. After a change run {@code mvn test -Dtest=KubernetesDocumentTest
 * -Dkeyturn.write=true} and read the difference.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KubernetesDocumentTest {
  private static final Path PAGE = Path.of("docs/kubernetes.md");
  private static final String BEGIN = "<!-- fields: made by KubernetesDocumentTest -->\n";
  private static final String END = "<!-- end of fields -->";
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private final SchemaVerdicts verdicts = new SchemaVerdicts();

  @Test
  void the_reference_says_what_the_definitions_say() throws IOException {
    var page = Files.readString(PAGE);
    var head = page.substring(0, page.indexOf(BEGIN));
    var tail = page.substring(page.indexOf(END) + END.length());
    var wanted = head + BEGIN + FieldReference.all() + END + tail;
    if (Boolean.getBoolean("keyturn.write")) {
      Files.writeString(PAGE, wanted);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(wanted);
  }

  @Test
  void every_manifest_that_is_shown_is_accepted() throws IOException {
    assertThat(manifests())
        .hasSizeGreaterThan(2)
        .allSatisfy(
            text -> assertThat(verdicts.onCreate(BadManifests.yaml(text))).as(text).isEmpty());
  }

  @Test
  void the_page_shows_the_example_that_can_be_applied() throws IOException {
    assertThat(Files.readString(PAGE))
        .contains(Files.readString(Path.of("deploy/examples/github-two-servers.yaml")));
  }

  /** Manifests of ours in the page and in the folder of examples. */
  static List<String> manifests() throws IOException {
    var shown =
        EXAMPLE
            .matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult found) -> found.group(1));
    var files = Crd.files(Path.of("deploy/examples")).stream().map(BadManifests::read);
    return Stream.concat(shown, files)
        .flatMap(text -> Stream.of(text.split("(?m)^---\n", -1)))
        .filter(text -> text.contains("keyturn.dev/v1beta1"))
        .toList();
  }
}
