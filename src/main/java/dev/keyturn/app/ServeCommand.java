package dev.keyturn.app;

import dev.keyturn.secrets.Reading;
import dev.keyturn.server.AuthorizationServer;
import dev.keyturn.server.BusNames;
import dev.keyturn.server.Ephemeral;
import dev.keyturn.server.RunConfig;
import dev.keyturn.server.RunConfigReader;
import dev.keyturn.server.WatchedConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: the server. */
@Command(
    name = "serve",
    description =
        "Runs the authorization server, and the gateway where the configuration names one.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private final ConfigOptions config = new ConfigOptions();

  @Option(names = "--host", paramLabel = "HOST", description = "Overrides server.host.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "Overrides server.port.")
  private @Nullable Integer port;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Ports.require(spec, Optional.ofNullable(port).orElse(0));
    try (var place = config.place()) {
      place.read(); // What is wrong with the place itself is told in plain words.
      return serve(place);
    }
  }

  private int serve(ConfigurationPlace place) throws Exception {
    var ephemeral = new Ephemeral(new SecureRandom());
    var watched =
        new WatchedConfig(
            Path.of(place.name()),
            place.files(),
            files -> new RunConfigReader(files, System.getenv(), ephemeral, Clock.systemUTC()),
            warning -> LOG.atWarn().setMessage(warning.toString()).log());
    var first = watched.first();
    if (first instanceof Reading.Bad<RunConfig> bad) {
      report(place, bad, Objects.requireNonNull(spec).commandLine().getErr());
      return 1;
    }
    var read = ((Reading.Good<RunConfig>) first).value();
    var process = RunningServer.with(read, ephemeral);
    run(read.listeningAt(Optional.ofNullable(host), Optional.ofNullable(port)), watched, process);
    return 0;
  }

  private void run(RunConfig ready, WatchedConfig watched, RunningServer process) throws Exception {
    var server =
        new AuthorizationServer(
            process.vertx(), ready, watched.files(), process.means(), new BusNames(""));
    var started = process.started(server.start());
    var crypto = process.means().crypto();
    LOG.atInfo()
        .setMessage("started")
        .addKeyValue("issuer", ready.issuer().value())
        .addKeyValue("host", ready.listen().host())
        .addKeyValue("port", started.port())
        .addKeyValue("management_port", started.managementPort())
        .addKeyValue("crypto", crypto.name())
        .addKeyValue("because", crypto.reason())
        .log();
    process.runUntilStopped(server::stop);
  }

  private static void report(
      ConfigurationPlace place, Reading.Bad<RunConfig> bad, PrintWriter err) {
    err.println("keyturn: " + place.name() + " cannot be used:");
    bad.errors().forEach(finding -> err.println("  " + finding));
  }
}
