package dev.keyturn.app;

import dev.keyturn.operator.reconcile.ReconcilerVerticle;
import dev.keyturn.server.Health;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The health of an operator: whether reviews are answered, and whether it leads.
 *
 * <p>Who does not lead is ready all the same, since reviews go to every pod.
 */
record OperatorHealth(Health admission, Optional<ReconcilerVerticle> reconciler) implements Health {
  @Override
  public boolean isReady() {
    return admission.isReady();
  }

  @Override
  public boolean hasStarted() {
    return admission.hasStarted();
  }

  @Override
  public JsonObject toJson() {
    var json = admission.toJson();
    reconciler.ifPresent(one -> json.put("reconciler", one.toJson()));
    return json;
  }
}
