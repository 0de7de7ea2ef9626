package dev.keyturn.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The election of one process among several, by a Lease.
 *
 * <p>Who has won works for as long as the Lease is renewed; who has lost it, for instance since the
 * API server is away, stops at once, and runs again for it. So the process itself goes on, and with
 * it the webhook.
 */
final class Leadership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final String LEASE = "keyturn-operator";
  private static final Duration DURATION = Duration.ofSeconds(20);
  private static final Duration DEADLINE = Duration.ofSeconds(15);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Supplier<KubernetesClient> connecting;
  private final BiFunction<KubernetesClient, Tenure, Shift> working;
  private final String namespace;
  private final String identity;
  private final ExecutorService candidate = one("election");
  private final ExecutorService worker = one("shift");
  private volatile boolean closed;
  private volatile boolean leads;
  private volatile Optional<Tenure> tenure = Optional.empty();
  private volatile Optional<CompletableFuture<?>> running = Optional.empty();
  private volatile Optional<Shift> shift = Optional.empty();

  /**
   * @param connecting makes a client, under the authorities of that moment
   * @param working what is done by who leads
   */
  Leadership(
      Supplier<KubernetesClient> connecting,
      BiFunction<KubernetesClient, Tenure, Shift> working,
      String namespace,
      String identity) {
    this.connecting = connecting;
    this.working = working;
    this.namespace = namespace;
    this.identity = identity;
  }

  void start() {
    candidate.execute(this::runForEver);
  }

  boolean leads() {
    return leads;
  }

  /** What is seen by this process while it leads. */
  Sight sight() {
    return shift
        .filter(any -> leads)
        .map(one -> one.sight(identity))
        .orElseGet(() -> Sight.of(identity));
  }

  /** Gives the Lease back, so that another one takes it at once. */
  @Override
  public void close() {
    closed = true;
    running.ifPresent(election -> election.cancel(true));
    end(candidate);
    worker.execute(this::stop);
    end(worker);
  }

  private void runForEver() {
    while (!closed) {
      try (var client = connecting.get()) {
        run(client);
      } catch (RuntimeException e) {
        LOG.atWarn().setMessage("the election failed").setCause(e).log();
      }
      pause();
    }
  }

  private void run(KubernetesClient client) {
    var ours = new Tenure(new LeaseLock(namespace, LEASE, identity), DEADLINE, System::nanoTime);
    tenure = Optional.of(ours);
    var election =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(LEASE)
                    .withLock(ours)
                    .withLeaseDuration(DURATION)
                    .withRenewDeadline(DEADLINE)
                    .withRetryPeriod(RETRY)
                    .withReleaseOnCancel(true)
                    .withLeaderCallbacks(
                        new LeaderCallbacks(() -> lead(client, ours), this::rest, this::heard))
                    .build())
            .build()
            .start();
    running = Optional.of(election);
    if (closed) {
      election.cancel(true);
    }
    try {
      election.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    } catch (ExecutionException | CancellationException e) {
      LOG.atDebug().setMessage("the election is over").log();
    }
    rest();
    await(CompletableFuture.runAsync(() -> {}, worker));
  }

  /** Elsewhere, since the Lease must be renewed meanwhile. */
  private void lead(KubernetesClient client, Tenure ours) {
    leads = true;
    LOG.atInfo().setMessage("this process leads").addKeyValue("identity", identity).log();
    var unused = ours.begun().thenAccept(yes -> begin(client, ours, yes));
  }

  private void begin(KubernetesClient client, Tenure ours, boolean isOurs) {
    if (!isOurs || worker.isShutdown()) {
      return;
    }
    worker.execute(
        () -> {
          stop();
          try {
            var next = working.apply(client, ours);
            shift = Optional.of(next);
            next.start();
          } catch (RuntimeException e) {
            LOG.atError().setMessage("the reconciler does not start").setCause(e).log();
            running.ifPresent(election -> election.cancel(true));
          }
        });
  }

  private void rest() {
    if (leads) {
      LOG.atWarn().setMessage("this process leads no more").log();
    }
    leads = false;
    tenure.ifPresent(Tenure::end);
    if (!worker.isShutdown()) {
      worker.execute(this::stop);
    }
  }

  private void heard(String leader) {
    LOG.atInfo().setMessage("who leads").addKeyValue("identity", leader).log();
  }

  private void stop() {
    shift.ifPresent(Shift::close);
    shift = Optional.empty();
  }

  private void pause() {
    try {
      if (!closed) {
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private static void await(CompletableFuture<?> future) {
    try {
      var unused = future.get(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      LOG.atWarn().setMessage("the reconciler does not stop").log();
    }
  }

  private static ExecutorService one(String name) {
    return Executors.newSingleThreadExecutor(
        task -> {
          var thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  private static void end(ExecutorService thread) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(20, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
