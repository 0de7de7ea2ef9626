package dev.keyturn.app;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keys list}: what keys there are, in files or at work; never what is in them. */
@Command(
    name = "list",
    description = {
      "Lists signing keys with kid, algorithm, state and file; key material is never shown.",
      "Of a directory, the *.pem file that is last in byte order of names \"signs\", the others are"
          + " \"published\". A file that is named on its own is \"published\": whether it signs is"
          + " up to signing_key_config.",
      "A file that holds no usable key is told on standard error, and the exit code is 1.",
      "With --server, lists the keys and secrets of a running server instead, with their states and"
          + " times: what signs, what waits for its turn, what retires until when. Columns: kind,"
          + " id, algorithm, state, since, until, listed, note; \"-\" where there is nothing. The last"
          + " line says when a state changes next by itself.",
      "It reads /readyz of the management port, of a server that is not ready too. If nobody answers"
          + " there within 10 s, or somebody else, the exit code is 1."
    },
    mixinStandardHelpOptions = true)
final class KeysListCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Parameters(
      arity = "0..*",
      paramLabel = "DIR|FILE",
      description = "Directories of keys, and key files.")
  private @Nullable List<Path> places;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The management port of a running server, such as http://127.0.0.1:9090.")
  private @Nullable URI server;

  @Option(names = "--json", description = "Prints a JSON array.")
  private boolean json;

  @Option(
      names = "--jwks",
      description =
          "Prints the public halves as a JWK set instead, to be registered where Keyturn proves"
              + " itself by private_key_jwt. Not with --server or --json.")
  private boolean jwks;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if ((places == null) == (server == null)) {
      throw new ParameterException(
          command(), "Name directories and files, or a running server by --server.");
    }
    if (jwks && (json || server != null)) {
      throw new ParameterException(command(), "--jwks goes with directories and files alone.");
    }
    return server == null ? ofFiles(Objects.requireNonNull(places)) : ofServer(server);
  }

  private int ofServer(URI address) throws IOException, InterruptedException {
    var keys = new ServerKeys(address, PATIENCE).ask();
    if (json) {
      printJson(keys.json());
    } else {
      keys.lines().forEach(command().getOut()::println);
      command().getOut().flush();
    }
    return 0;
  }

  private int ofFiles(List<Path> named) {
    var lines = named.stream().flatMap(place -> KeyLine.of(place).stream()).toList();
    if (json) {
      printJson(new JsonArray(lines.stream().map(KeyLine::json).toList()));
    } else if (jwks) {
      printJwks(lines);
    } else {
      printText(lines);
    }
    return lines.stream().allMatch(KeyLine::isGood) ? 0 : 1;
  }

  private void printJson(JsonArray array) {
    command().getOut().println(array.encodePrettily());
    command().getOut().flush();
  }

  private void printJwks(List<KeyLine> lines) {
    var keys = lines.stream().map(KeyLine::key).flatMap(Optional::stream).distinct();
    var published = keys.map(key -> new JsonObject(key.publicHalf().publicJwk().toJSONObject()));
    var set = new JsonObject().put("keys", new JsonArray(published.toList()));
    command().getOut().println(set.encodePrettily());
    command().getOut().flush();
    complain(lines);
  }

  private CommandLine command() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private void printText(List<KeyLine> lines) {
    var command = command();
    lines.stream().filter(KeyLine::isGood).map(KeyLine::text).forEach(command.getOut()::println);
    command.getOut().flush();
    complain(lines);
  }

  private void complain(List<KeyLine> lines) {
    var err = command().getErr();
    lines.stream()
        .filter(line -> !line.isGood())
        .forEach(line -> err.println("keyturn: " + line.text()));
    err.flush();
  }
}
