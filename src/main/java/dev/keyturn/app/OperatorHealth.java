package dev.keyturn.app;

import dev.keyturn.operator.reconcile.Sight;
import dev.keyturn.server.Health;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The health of an operator: whether reviews are answered, and what it sees where it leads.
 *
 * <p>Who does not lead is ready all the same, since reviews go to every pod. Who leads and has long
 * not been able to list or watch something is not: it makes nothing, and whoever waits for a
 * rollout of it, or looks at its pods, is to see that.
 */
record OperatorHealth(Health admission, Optional<Supplier<Sight>> reconciler) implements Health {
  @Override
  public boolean isReady() {
    return admission.isReady() && !reconciler.map(Supplier::get).filter(Sight::isBlind).isPresent();
  }

  @Override
  public boolean hasStarted() {
    return admission.hasStarted();
  }

  @Override
  public JsonObject toJson() {
    var json = admission.toJson().put("ready", isReady());
    reconciler.ifPresent(one -> json.put("reconciler", one.get().toJson()));
    return json;
  }
}
