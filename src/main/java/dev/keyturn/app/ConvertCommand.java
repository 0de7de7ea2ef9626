package dev.keyturn.app;

import dev.keyturn.operator.convert.Conversion;
import dev.keyturn.operator.rules.Rules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convert}: from ToolHive's manifests to ours. */
@Command(
    name = "convert",
    description = {
      "Reads MCPExternalAuthConfig, MCPServer, MCPRemoteProxy and MCPOIDCConfig of ToolHive and"
          + " prints ours. What has no counterpart is one line on standard error."
    },
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";
  private static final int MAX_LENGTH = 4 * 1024 * 1024;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Manifests, YAML or JSON, of any number of objects; - for standard input.")
  private List<String> files = List.of();

  @Option(names = "--strict", description = "Exits 1 where anything has no counterpart.")
  private boolean strict;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    var command = Objects.requireNonNull(spec).commandLine();
    var conversion = new Conversion(new Rules(new SecureRandom(), Clock.systemUTC()));
    for (var file : files) {
      conversion.add(file, text(file));
    }
    var converted = conversion.convert();
    converted.losses().forEach(command.getErr()::println);
    command.getOut().print(converted.yaml());
    command.getOut().flush();
    return strict && !converted.losses().isEmpty() ? 1 : 0;
  }

  private static String text(String file) throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return text(file, System.in);
    }
    try (var in = Files.newInputStream(Path.of(file))) {
      return text(file, in);
    }
  }

  private static String text(String file, InputStream in) throws IOException {
    var content = in.readNBytes(MAX_LENGTH + 1);
    if (content.length > MAX_LENGTH) {
      throw new IllegalArgumentException(file + ": is larger than 4 MiB");
    }
    return new String(content, StandardCharsets.UTF_8);
  }
}
