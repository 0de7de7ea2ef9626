package dev.keyturn.keys;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a key or secret stands in its life, as this process sees it.
 *
 * @param id the thumbprint of a signing key, a derived name of a secret that does not tell it
 * @param algorithm what a signing key signs under; empty for other secrets
 * @param since when the state began
 * @param until when it ends by time alone
 * @param listed whether this process lists it
 * @param note what somebody on call should know; empty when there is nothing
 */
public record KeyState(
    Purpose kind,
    String id,
    String algorithm,
    State state,
    Instant since,
    Optional<Instant> until,
    boolean listed,
    String note) {
  /** The states, in the order of a life. */
  public enum State {
    /** Known to all, verifies, and does not sign (yet). */
    PUBLISHED,
    /** Signs. */
    SIGNING,
    /** Has stopped signing, and verifies what it signed until that has expired. */
    RETIRING,
    /** Must never be used again. */
    REVOKED;

    /** The spelling in metrics and answers. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As {@code /readyz} shows it. */
  public JsonObject toJson() {
    var json =
        new JsonObject()
            .put("kind", kind.wire())
            .put("id", id)
            .put("algorithm", algorithm)
            .put("state", state.wire())
            .put("since", since.toString())
            .put("listed", listed)
            .put("note", note);
    until.ifPresent(end -> json.put("until", end.toString()));
    return json;
  }
}
