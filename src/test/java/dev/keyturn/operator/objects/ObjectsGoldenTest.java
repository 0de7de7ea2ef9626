package dev.keyturn.operator.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.render.GivenNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is applied for the resources of some folders, byte by byte, as somebody read it once.
 *
 * <p>A difference within a pod template replaces every such pod of every cluster at the next
 * upgrade of the operator. {@code -Dkeyturn.write=true} writes the files anew.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ObjectsGoldenTest {
  private static final Path GIVEN = Path.of("src/test/resources/dev/keyturn/operator/render");
  private static final Path FOLDER = Path.of("src/test/resources/dev/keyturn/operator/objects");
  private static final Settings SETTINGS =
      new Settings(GivenNamespace.POD, "keyturn-system", List.of("monitoring"));

  private final Resources resources = new Resources();

  @ParameterizedTest
  @ValueSource(strings = {"review-example", "file-storage", "image", "everything"})
  void a_folder_becomes_what_it_became(String folder) throws IOException {
    var text = text(made(folder));
    var expected = FOLDER.resolve(folder + ".yaml");
    if (Boolean.getBoolean("keyturn.write")) {
      Files.createDirectories(FOLDER);
      Files.writeString(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));
  }

  @Test
  void a_template_does_not_know_who_made_it() throws IOException {
    var other = new Settings(GivenNamespace.POD, "elsewhere", List.of());
    assertThat(templates(made("everything", other))).isEqualTo(templates(made("everything")));
  }

  @Test
  void no_pod_has_a_right_at_the_API_server() throws IOException {
    assertThat(templates(made("everything")))
        .isNotEmpty()
        .allMatch(text -> text.contains("\"automountServiceAccountToken\":false"));
  }

  private static List<String> templates(List<Made> made) {
    return made.stream()
        .filter(one -> one.kind().equals("Deployment"))
        .map(one -> one.tree().at("/spec/template").toString())
        .toList();
  }

  private List<Made> made(String folder) {
    return made(folder, SETTINGS);
  }

  private List<Made> made(String folder, Settings settings) {
    var given = GivenNamespace.in(GIVEN.resolve(folder).resolve("resources.yaml"));
    var config = stored(given.configs().get(0), ExternalAuthConfig.class);
    var made = new ArrayList<Made>();
    for (var deployed : given.rendered().deployments()) {
      made.addAll(new KeyturnObjects(settings).of(config, deployed));
      for (var server : given.servers()) {
        if (deployed.servers().contains(server.metadata().name())) {
          var stored = stored(server, McpServer.class);
          made.addAll(new ServerObjects(settings).of(stored, Optional.of(deployed.name())));
          RouteObjects.of(stored, deployed.name(), deployed.issuer(), given.servers())
              .ifPresent(made::add);
        }
      }
    }
    return made;
  }

  private <T> T stored(T resource, Class<T> type) {
    var tree = (ObjectNode) resources.write(resource);
    tree.withObject("/metadata").put("uid", "11111111-2222-3333-4444-555555555555");
    return resources.read(tree, type);
  }

  private static String text(List<Made> made) throws IOException {
    var yaml = YAMLMapper.builder().disable(YAMLGenerator.Feature.SPLIT_LINES).build();
    var text = new StringBuilder();
    for (var one : made) {
      text.append(yaml.writeValueAsString(one.tree()));
    }
    return text.toString();
  }
}
