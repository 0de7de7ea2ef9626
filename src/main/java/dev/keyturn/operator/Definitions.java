package dev.keyturn.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The definitions of our resources, which the build takes from {@code deploy/crds}. */
public final class Definitions {
  static final List<String> FILES =
      List.of("keyturn.dev_mcpexternalauthconfigs.yaml", "keyturn.dev_mcpservers.yaml");

  private Definitions() {}

  /** All of them as one stream of YAML documents. */
  public static String yaml() {
    return FILES.stream().map(Definitions::read).collect(Collectors.joining("---\n"));
  }

  private static String read(String file) {
    try (var resource = Definitions.class.getResourceAsStream("crds/" + file)) {
      return new String(Objects.requireNonNull(resource, file).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
