package dev.keyturn.operator.reconcile;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What the process that leads sees of the cluster.
 *
 * @param listed whether everything was listed once, before which nothing is made
 * @param behind the kinds that are not watched now, and why
 * @param isBlind whether that has been so for long, so that somebody has to do something
 */
public record Sight(
    String identity, boolean leads, boolean listed, List<String> behind, boolean isBlind) {
  public Sight {
    behind = List.copyOf(behind);
  }

  /** Of a process that does not lead, which has nothing to see. */
  static Sight of(String identity) {
    return new Sight(identity, false, false, List.of(), false);
  }

  /** What the management port tells. */
  public JsonObject toJson() {
    var json = new JsonObject().put("identity", identity).put("leads", leads);
    return leads ? json.put("listed", listed).put("behind", new JsonArray(behind)) : json;
  }
}
