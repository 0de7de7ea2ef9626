package dev.keyturn.app;

import dev.keyturn.server.AuthorizationServer;
import dev.keyturn.server.BusNames;
import dev.keyturn.server.RunConfig;
import dev.keyturn.server.RunConfigReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
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

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration, YAML or JSON.")
  private @Nullable Path config;

  @Option(names = "--host", paramLabel = "HOST", description = "Overrides server.host.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "Overrides server.port.")
  private @Nullable Integer port;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Ports.require(spec, Optional.ofNullable(port).orElse(0));
    var reader = new RunConfigReader(System.getenv(), new SecureRandom());
    var read = reader.read(ConfigurationFile.read(Objects.requireNonNull(config)), Path.of(""));
    if (read.isEmpty()) {
      report(reader, Objects.requireNonNull(spec).commandLine().getErr());
      return 1;
    }
    reader
        .findings()
        .warnings()
        .forEach(warning -> LOG.atWarn().setMessage(warning.toString()).log());
    run(read.get().listeningAt(Optional.ofNullable(host), Optional.ofNullable(port)));
    return 0;
  }

  private void run(RunConfig ready) throws Exception {
    var process = new RunningServer();
    var server = new AuthorizationServer(process.vertx(), ready, process.means(), new BusNames(""));
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

  private void report(RunConfigReader reader, PrintWriter err) {
    err.println("keyturn: " + config + " cannot be used:");
    reader.findings().errors().forEach(finding -> err.println("  " + finding));
  }
}
