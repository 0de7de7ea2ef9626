package dev.keyturn.bench;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** The logins that a reuse has ended: nothing of them may ever be good again. */
final class SoakGraves {
  /** Another server, and a gateway, may look up what was denied so much later. */
  private static final long KNOWN_EVERYWHERE = TimeUnit.SECONDS.toNanos(5);

  private static final int REFUSED_REFRESH = 400;
  private static final int REFUSED_CALL = 401;

  private final Queue<Grave> graves = new ConcurrentLinkedQueue<>();

  /** Buries a login by its newest tokens, which are refused from now on. */
  void bury(SoakReach reach, String refresh, String access) {
    var grave = new Grave(reach, refresh, access, System.nanoTime());
    graves.add(grave);
    grave.visit();
  }

  int size() {
    return graves.size();
  }

  /** Looks at each once more. */
  void visitAll() {
    graves.forEach(Grave::visit);
  }

  private record Grave(SoakReach reach, String refresh, String access, long since) {
    void visit() {
      if (reach.insist(client -> client.refresh(refresh)).status() != REFUSED_REFRESH) {
        reach.tally().count(SoakEvent.ALIVE_AFTER_REUSE, "its newest refresh token");
      }
      if (System.nanoTime() - since > KNOWN_EVERYWHERE
          && reach.insist(client -> client.call(access)).status() != REFUSED_CALL) {
        reach.tally().count(SoakEvent.ALIVE_AFTER_REUSE, "its access token");
      }
    }
  }
}
