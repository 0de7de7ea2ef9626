package dev.keyturn.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The manifests that people apply, and the folders that their pod would see. */
public final class Manifests {
  public static final Path FOLDER = Path.of("deploy/manifests");
  private static final String MOUNTED = "/etc/keyturn/";

  private Manifests() {}

  /** Every file that kubectl would apply. */
  public static List<Path> files() {
    return files(FOLDER);
  }

  private static List<Path> files(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every object in them. */
  public static List<JsonNode> objects() {
    return objects(FOLDER);
  }

  /** Every object in the files of another folder. */
  public static List<JsonNode> objects(Path folder) {
    return files(folder).stream().flatMap(file -> parse(text(file)).stream()).toList();
  }

  /** The only object of that kind and name. */
  public static JsonNode object(String kind, String name) {
    return object(FOLDER, kind, name);
  }

  /** The only object of that kind and name in another folder. */
  public static JsonNode object(Path folder, String kind, String name) {
    var found =
        objects(folder).stream()
            .filter(object -> object.path("kind").asText().equals(kind))
            .filter(object -> object.at("/metadata/name").asText().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError("there are " + found.size() + " of " + kind + " " + name);
    }
    return found.get(0);
  }

  /** The objects of one YAML text. */
  public static List<JsonNode> parse(String yaml) {
    var mapper = new YAMLMapper();
    try (MappingIterator<JsonNode> objects = mapper.readerFor(JsonNode.class).readValues(yaml)) {
      return objects.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pod of the Deployment. */
  public static JsonNode pod() {
    return object("Deployment", "keyturn").at("/spec/template/spec");
  }

  /** The only container of the pod. */
  public static JsonNode container() {
    return pod().at("/containers/0");
  }

  /** The configuration, with its folders below {@code root}. */
  public static String configuration(Path root) {
    return object("ConfigMap", "keyturn")
        .at("/data/keyturn.yaml")
        .asText()
        .replace(MOUNTED, root + MOUNTED);
  }

  /** Where the pod sees each Secret and the ConfigMap, by their names, below {@code root}. */
  public static Map<String, Mount> mounts(Path root) {
    var mounts = new TreeMap<String, Mount>();
    for (var volume : pod().path("volumes")) {
      var name = volume.path("name").asText();
      for (var mount : container().path("volumeMounts")) {
        if (mount.path("name").asText().equals(name) && !volume.has("emptyDir")) {
          mounts.put(name, new Mount(Path.of(root + mount.path("mountPath").asText())));
        }
      }
    }
    return mounts;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
