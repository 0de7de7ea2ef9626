package dev.keyturn.operator.admission;

import dev.keyturn.server.Health;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether reviews are answered, and until when with our certificate.
 *
 * <p>An API server that is away does not make it unready: reviews come from there, and are then
 * refused with that reason.
 */
final class AdmissionHealth implements Health {
  private volatile boolean ready;
  private volatile Optional<Instant> notAfter = Optional.empty();
  private volatile List<String> refused = List.of();

  /** Reviews are answered, or no more. */
  void enter(boolean now) {
    ready = now;
  }

  /** A certificate is served. */
  void serves(Instant until) {
    notAfter = Optional.of(until);
    refused = List.of();
  }

  /** What the files hold is not served, and why; nothing if it is. */
  void refuses(List<String> reasons) {
    refused = List.copyOf(reasons);
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public boolean hasStarted() {
    return notAfter.isPresent();
  }

  @Override
  public JsonObject toJson() {
    var certificate = new JsonObject().put("refused", new JsonArray(refused));
    notAfter.ifPresent(until -> certificate.put("not_after", until.toString()));
    return new JsonObject().put("ready", ready).put("certificate", certificate);
  }
}
