package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import io.vertx.core.Vertx;

/**
 * What is in force, and what is offered by it: the one thing that changes while a server runs.
 *
 * <p>Everybody may look at any time; one verticle at a time changes it.
 */
final class Live {
  private final Lasting lasting;
  private volatile InForce inForce;
  private volatile Wiring wiring;

  Live(Vertx vertx, BusNames names, Means means, Audit audit, Additions additions, InForce first) {
    this.inForce = first;
    this.lasting = new Lasting(vertx, names, means, audit, additions, () -> inForce);
    this.wiring = new Wiring(first, lasting);
  }

  /** From now on {@code next} is in force; if it cannot be offered, nothing changes. */
  void enter(InForce next) {
    var offered = new Wiring(next, lasting);
    inForce = next;
    wiring = offered;
  }

  InForce inForce() {
    return inForce;
  }

  Wiring wiring() {
    return wiring;
  }

  Lasting lasting() {
    return lasting;
  }
}
