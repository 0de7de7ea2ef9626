package dev.keyturn.app;

import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keys list}: what keys there are; never what is in them. */
@Command(
    name = "list",
    description = {
      "Lists signing keys with kid, algorithm, state and file; key material is never shown.",
      "Of a directory, the *.pem file that is last in byte order of names \"signs\", the others are"
          + " \"published\". A file that is named on its own is \"published\": whether it signs is"
          + " up to signing_key_config.",
      "A file that holds no usable key is told on standard error, and the exit code is 1."
    },
    mixinStandardHelpOptions = true)
final class KeysListCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description = "Directories of keys, and key files.")
  private @Nullable List<Path> places;

  @Option(names = "--json", description = "Prints a JSON array.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    var lines =
        Objects.requireNonNull(places).stream()
            .flatMap(place -> KeyLine.of(place).stream())
            .toList();
    if (json) {
      printJson(lines);
    } else {
      printText(lines);
    }
    return lines.stream().allMatch(KeyLine::isGood) ? 0 : 1;
  }

  private void printJson(List<KeyLine> lines) {
    var array = new JsonArray();
    lines.forEach(line -> array.add(line.json()));
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(array.encodePrettily());
    out.flush();
  }

  private void printText(List<KeyLine> lines) {
    var command = Objects.requireNonNull(spec).commandLine();
    lines.stream().filter(KeyLine::isGood).map(KeyLine::text).forEach(command.getOut()::println);
    command.getOut().flush();
    lines.stream()
        .filter(line -> !line.isGood())
        .forEach(line -> command.getErr().println("keyturn: " + line.text()));
    command.getErr().flush();
  }
}
