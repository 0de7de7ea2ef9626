package dev.keyturn.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * How long the Lease is surely ours: for a while after the last renewal that the API server took.
 *
 * <p>Who was held up, by its node or by a long collection, hears too late that another one leads,
 * and would go on writing beside it. So nobody is told to stop alone; everybody asks this before
 * each call, and it ends by itself, before the Lease does. Time is measured from before the renewal
 * was asked for.
 */
final class Tenure implements Lock {
  private final Lock lease;
  private final Duration validity;
  private final LongSupplier nanos;
  private final List<Runnable> endings = new ArrayList<>();
  private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
  private long asked;
  private long until;
  private boolean holds;
  private boolean over;

  /**
   * @param validity less than the Lease lasts, so that clocks may differ
   * @param nanos a clock that is never set
   */
  Tenure(Lock lease, Duration validity, LongSupplier nanos) {
    this.lease = lease;
    this.validity = validity;
    this.nanos = nanos;
  }

  /**
   * Whether it began, as soon as that is known; false where it is over before.
   *
   * <p>Who comes back under the same name, as a container does that was started again, is told that
   * it leads when it reads its own name, which is before the Lease is renewed.
   */
  CompletableFuture<Boolean> begun() {
    return begun;
  }

  /** How much is left of it; zero where it is over. */
  synchronized Duration left() {
    var rest = holds ? until - nanos.getAsLong() : 0;
    return Duration.ofNanos(Math.max(0, rest));
  }

  /** Has {@code ending} run when it is known to be over, which may be later than it is. */
  void whenOver(Runnable ending) {
    synchronized (this) {
      if (!over) {
        endings.add(ending);
        return;
      }
    }
    ending.run();
  }

  /** It is over now, whatever a renewal that is under way says. */
  void end() {
    List<Runnable> due;
    synchronized (this) {
      holds = false;
      over = true;
      due = List.copyOf(endings);
      endings.clear();
    }
    begun.complete(false);
    due.forEach(Runnable::run);
  }

  @Override
  public LeaderElectionRecord get(KubernetesClient client) {
    synchronized (this) {
      asked = nanos.getAsLong();
    }
    return lease.get(client);
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord record) {
    lease.create(client, record);
    took(record);
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord record) {
    lease.update(client, record);
    took(record);
  }

  @Override
  public String identity() {
    return lease.identity();
  }

  @Override
  public String describe() {
    return lease.describe();
  }

  private void took(LeaderElectionRecord record) {
    synchronized (this) {
      holds = !over && identity().equals(record.getHolderIdentity());
      until = asked + validity.toNanos();
      if (!holds) {
        return;
      }
    }
    begun.complete(true);
  }
}
