package dev.keyturn.app;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.server.RunConfig;
import dev.keyturn.server.RunConfigReader;
import dev.keyturn.server.Stores;
import dev.keyturn.server.UpstreamProbe;
import dev.keyturn.upstream.UpstreamStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check}: everything that {@code serve} would load, without serving. */
@Command(
    name = "check",
    description =
        "Loads everything that serve would: the configuration, its files and secrets, and the"
            + " discovery of each identity provider. Prints one line for each finding and no secret.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  private static final int PATIENCE_SECONDS = 30;

  @Mixin private final ConfigOptions config = new ConfigOptions();

  @Option(names = "--json", description = "Prints one JSON object instead of lines.")
  private boolean json;

  @Option(names = "--offline", description = "Asks no identity provider.")
  private boolean offline;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    try (var place = config.place()) {
      return check(place.name(), place.read());
    }
  }

  private int check(String name, String document) throws Exception {
    var reader = new RunConfigReader(System.getenv(), new SecureRandom());
    var read = reader.read(document, Path.of(""));
    Stores.look(reader.storage(), reader.findings());
    if (read.isPresent() && !offline) {
      discover(read.get(), reader.findings());
    }
    print(name, reader.findings(), Objects.requireNonNull(spec).commandLine().getOut());
    return reader.findings().hasErrors() ? 1 : 0;
  }

  private static void discover(RunConfig ready, Findings findings) throws Exception {
    var vertx = Vertx.vertx();
    try {
      var probe = new UpstreamProbe(vertx, new SecureRandom(), Clock.systemUTC());
      var asked = ready.upstreams().stream().map(upstream -> probe.ask(upstream.config())).toList();
      Future.join(asked)
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      for (int i = 0; i < asked.size(); i++) {
        tell(findings, i, asked.get(i).result());
      }
    } finally {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static void tell(Findings findings, int index, UpstreamStatus status) {
    if (!status.ready()) {
      findings.error(
          "upstreams[" + index + "]", "is not usable: " + status.reason().orElse("no answer"));
    }
  }

  private void print(String name, Findings findings, PrintWriter out) {
    if (json) {
      out.println(toJson(name, findings).encodePrettily());
      return;
    }
    findings.all().forEach(finding -> out.println(severity(finding) + ": " + finding));
    out.println(name + (findings.hasErrors() ? " cannot be used" : " can be used"));
  }

  private static JsonObject toJson(String name, Findings findings) {
    var list = new JsonArray();
    findings
        .all()
        .forEach(
            finding ->
                list.add(
                    new JsonObject()
                        .put("severity", severity(finding))
                        .put("setting", finding.setting())
                        .put("message", finding.message())));
    return new JsonObject()
        .put("file", name)
        .put("usable", !findings.hasErrors())
        .put("findings", list);
  }

  private static String severity(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }
}
