package dev.keyturn.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The image that {@code deploy/image/build} writes, read as an engine would read it. */
public final class Image {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS = 300;

  /** A chroot has no {@code /proc}, by which a loader finds what lies beside a program. */
  private static final Map<String, String> LIBRARIES =
      Map.of("LD_LIBRARY_PATH", "/opt/java/lib:/opt/java/lib/server");

  private final Path layout;
  private final JsonNode manifest;
  private final JsonNode config;

  private Image(Path layout) throws IOException {
    this.layout = layout;
    this.manifest = JSON.readTree(blob(index().path("manifests").get(0)).toFile());
    this.config = JSON.readTree(blob(manifest.path("config")).toFile());
  }

  /** Builds it; ends the test here if that is not possible, and fails on CI. */
  public static Image built(Path folder) {
    required();
    var build = Path.of("deploy/image/build").toAbsolutePath().toString();
    var home = Map.of("JAVA_HOME", System.getProperty("java.home"));
    try (var running = Running.start(Path.of("."), home, List.of(build, folder.toString()))) {
      if (running.exit(SECONDS) != 0) {
        throw new AssertionError(String.join("\n", running.lines()));
      }
      return new Image(folder.resolve("oci"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What says how it is run. */
  public JsonNode config() {
    return config;
  }

  /** The digests by which config and layers are named, and those that their contents have. */
  public Map<String, String> digests() {
    return Stream.concat(Stream.of(manifest.path("config")), layers())
        .collect(Collectors.toMap(Image::digest, named -> hash(blob(named), false)));
  }

  /** The digests of the unpacked layers. */
  public List<String> unpackedDigests() {
    return layers().map(layer -> hash(blob(layer), true)).toList();
  }

  /** One line for each file, as {@code tar} lists it: rights, owner, size, time, name. */
  public List<String> files() {
    return layers()
        .flatMap(layer -> tar("--list", "--verbose", "--numeric-owner", "--file", blob(layer)))
        .toList();
  }

  /** Unpacks it, and makes the devices that every container is given. */
  public Path unpacked(Path root) {
    layers()
        .forEach(
            layer ->
                tar("--extract", "--same-owner", "--file", blob(layer), "--directory", root)
                    .forEach(Assertions::fail));
    run("mkdir", root.resolve("dev").toString());
    Map.of("null", "3", "random", "8", "urandom", "9")
        .forEach((device, minor) -> makeDevice(root.resolve("dev/" + device), minor));
    return root;
  }

  /** Starts it there as its user with its entry point. */
  public Running start(Path root, Map<String, String> variables, String... arguments) {
    var command = new ArrayList<String>();
    command.addAll(List.of("/usr/sbin/chroot", "--userspec=" + text("User"), root.toString()));
    config.path("config").path("Entrypoint").forEach(word -> command.add(word.textValue()));
    command.addAll(List.of(arguments));
    var all = new HashMap<>(LIBRARIES);
    all.putAll(variables);
    return Running.start(root, all, command);
  }

  /** A text of {@code config.config}. */
  public String text(String field) {
    return config.path("config").path(field).asText();
  }

  private JsonNode index() throws IOException {
    return JSON.readTree(layout.resolve("index.json").toFile());
  }

  private Stream<JsonNode> layers() {
    return StreamSupport.stream(manifest.path("layers").spliterator(), false);
  }

  private Path blob(JsonNode descriptor) {
    return layout.resolve("blobs").resolve(digest(descriptor).replace(':', '/'));
  }

  private static String digest(JsonNode descriptor) {
    return descriptor.path("digest").asText();
  }

  private static String hash(Path file, boolean unpack) {
    try (var raw = Files.newInputStream(file);
        var in = unpack ? new GZIPInputStream(raw) : raw) {
      return "sha256:" + hash(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(InputStream in) throws IOException {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, sha256).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** In some containers not even root may. */
  private static void makeDevice(Path path, String minor) {
    var command = List.of("mknod", "--mode=666", path.toString(), "c", "1", minor);
    try (var running = Running.start(Path.of("."), command)) {
      Assumptions.assumeTrue(running.exit(SECONDS) == 0, "no devices can be made here");
    }
  }

  private static Stream<String> tar(Object... arguments) {
    var command = Stream.concat(Stream.of("tar", "--gzip"), Stream.of(arguments));
    return run(command.map(Object::toString).toArray(String[]::new)).stream();
  }

  private static List<String> run(String... command) {
    try (var running = Running.start(Path.of("."), List.of(command))) {
      if (running.exit(SECONDS) != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + running.lines());
      }
      return running.lines();
    }
  }

  /** A release and rights cannot be installed, so without them it is left out everywhere. */
  private static void required() {
    Assumptions.assumeTrue(
        Runtime.version().feature() >= 25 && "root".equals(System.getProperty("user.name")),
        "an image is built by JDK 25 and unpacked by root");
    var what = "an image is built from packages of Debian, and there is no apt-get";
    if (!Files.exists(Path.of("/usr/bin/apt-get"))) {
      Assertions.assertNotEquals("true", System.getenv("CI"), what);
      Assumptions.abort(what);
    }
  }
}
