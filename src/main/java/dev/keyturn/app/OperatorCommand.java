package dev.keyturn.app;

import dev.keyturn.operator.admission.AdmissionVerticle;
import dev.keyturn.operator.admission.Rulebook;
import dev.keyturn.operator.admission.Webhook;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.reconcile.ReconcilerVerticle;
import dev.keyturn.operator.reconcile.Reconciling;
import dev.keyturn.operator.rules.Rules;
import dev.keyturn.server.ManagementVerticle;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code operator}: the admission webhook of the resources, and the reconciler. */
@Command(
    name = "operator",
    description = {
      "Runs the admission webhook of MCPExternalAuthConfig and MCPServer, in a pod, and makes of"
          + " them what they say. Of several such processes one is elected for that.",
      "Each option may be given as a variable, too: KEYTURN_WEBHOOK_PORT for --webhook-port."
    },
    mixinStandardHelpOptions = true)
final class OperatorCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorCommand.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Keys are tried there, and nothing else has to wait for that. */
  private static final int WORKERS = 4;

  private final Map<String, String> environment;

  @Option(
      names = "--webhook-host",
      paramLabel = "HOST",
      defaultValue = "${env:KEYTURN_WEBHOOK_HOST:-0.0.0.0}",
      description = "Where the API server finds the webhook (default: ${DEFAULT-VALUE}).")
  private @Nullable String host;

  @Option(
      names = "--webhook-port",
      paramLabel = "PORT",
      defaultValue = "${env:KEYTURN_WEBHOOK_PORT:-8443}",
      description = "Its port, which speaks TLS only (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--management-host",
      paramLabel = "HOST",
      defaultValue = "${env:KEYTURN_MANAGEMENT_HOST:-0.0.0.0}",
      description = "Where /livez, /readyz and /metrics are (default: ${DEFAULT-VALUE}).")
  private @Nullable String managementHost;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      defaultValue = "${env:KEYTURN_MANAGEMENT_PORT:-9090}",
      description = "Their port (default: ${DEFAULT-VALUE}).")
  private int managementPort;

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      defaultValue = "${env:KEYTURN_TLS_DIR:-/etc/keyturn/webhook-tls}",
      description = {
        "The mounted Secret with tls.crt and tls.key; followed while the webhook runs.",
        "Default: ${DEFAULT-VALUE}"
      })
  private @Nullable Path tls;

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      split = ",",
      defaultValue = "${env:KEYTURN_NAMESPACE:-}",
      description =
          "Judges and reconciles the resources of this namespace only; may be repeated."
              + " Default: all.")
  private List<String> namespaces = List.of();

  @Option(
      names = "--service-account",
      paramLabel = "DIR",
      defaultValue = "${env:KEYTURN_SERVICE_ACCOUNT:-" + Pod.MOUNT + "}",
      description = {
        "Where token and ca.crt of the pod's service account are mounted.",
        "Default: ${DEFAULT-VALUE}"
      })
  private @Nullable Path account;

  @ArgGroup(exclusive = false, heading = "Reconciler:%n")
  private ReconcilerOptions reconciler = new ReconcilerOptions();

  @Spec private @Nullable CommandSpec spec;

  OperatorCommand() {
    this(System.getenv());
  }

  OperatorCommand(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Integer call() throws Exception {
    var webhook = checked(this::webhook);
    var told = checked(() -> reconciler.reconciling(webhook.namespaces()));
    run(webhook, Pod.of(environment, Objects.requireNonNull(account)), told);
    return 0;
  }

  private Webhook webhook() {
    OptionRules.port("--webhook-port", port);
    OptionRules.port("--management-port", managementPort);
    if (port != 0 && port == managementPort) {
      throw new IllegalArgumentException("--management-port must be another than --webhook-port");
    }
    var watched = Set.copyOf(OptionRules.namespaces("--namespace", namespaces));
    return new Webhook(Objects.requireNonNull(host), port, Objects.requireNonNull(tls), watched);
  }

  /** What is wrong with an option is told as what is wrong with its spelling. */
  private <T> T checked(Supplier<T> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void run(Webhook webhook, Pod pod, Optional<Function<MeterRegistry, Reconciling>> told)
      throws Exception {
    var process = RunningServer.inMemory();
    var metrics = process.means().metrics();
    var rules = new Rules(new SecureRandom(), Clock.systemUTC());
    var admission =
        new AdmissionVerticle(webhook, pod, Rulebook.of(rules), metrics, LOOK, Clock.systemUTC());
    var reconciling =
        told.map(one -> new ReconcilerVerticle(one.apply(metrics), pod, rules, Clock.systemUTC()));
    var management =
        new ManagementVerticle(
            Objects.requireNonNull(managementHost),
            managementPort,
            new OperatorHealth(admission.health(), reconciling.map(one -> one::sight)),
            metrics);
    var workers = new DeploymentOptions().setWorkerPoolName("admission").setWorkerPoolSize(WORKERS);
    var deployed =
        process.started(
            process
                .vertx()
                .deployVerticle(admission, workers)
                .compose(id -> process.vertx().deployVerticle(management).map(id))
                .compose(
                    id ->
                        reconciling
                            .map(one -> process.vertx().deployVerticle(one).map(id))
                            .orElse(Future.succeededFuture(id)))
                .recover(OperatorCommand::inWords));
    LOG.atInfo()
        .setMessage(
            reconciling.isPresent()
                ? "the webhook has started, and the reconciler runs for election"
                : "the webhook has started; without --server-image nothing is made of resources")
        .addKeyValue("host", webhook.host())
        .addKeyValue("port", admission.port())
        .addKeyValue("management_port", management.port())
        .addKeyValue("namespaces", webhook.namespaces().isEmpty() ? "all" : webhook.namespaces())
        .log();
    process.runUntilStopped(() -> process.vertx().undeploy(deployed));
  }

  private static <T> Future<T> inWords(Throwable cause) {
    return Future.failedFuture(
        cause instanceof BindException
            ? new IOException(
                "the port is taken or the address is not ours: choose another with --webhook-port"
                    + " or --management-port ("
                    + cause.getMessage()
                    + ")")
            : cause);
  }
}
