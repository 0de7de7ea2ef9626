package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.KeyStatus;
import dev.keyturn.operator.api.PodStatus;
import dev.keyturn.operator.api.UpstreamStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a pod has told of itself: which configuration and which keys are in force there.
 *
 * <p>It is bounded when it is read, since anybody can make a pod that looks like ours.
 */
record Loaded(
    Optional<String> revision,
    String fingerprint,
    List<String> refused,
    List<String> pendingRestart,
    List<KeyStatus> keys,
    List<UpstreamStatus> upstreams) {
  private static final int MOST_KEYS = 32;
  private static final int MOST = 16;
  private static final int LONGEST = 200;

  Loaded {
    refused = List.copyOf(refused);
    pendingRestart = List.copyOf(pendingRestart);
    keys = List.copyOf(keys);
    upstreams = List.copyOf(upstreams);
  }

  /** Reads what {@code /generation} answers; whatever is of another kind is a failure. */
  static Loaded of(JsonObject json) {
    return new Loaded(
        Optional.ofNullable(json.getString("revision")).map(Loaded::cut),
        cut(json.getString("fingerprint", "")),
        texts(json.getJsonArray("refused", new JsonArray())),
        texts(json.getJsonArray("pending_restart", new JsonArray())),
        keys(json.getJsonArray("keys", new JsonArray())),
        upstreams(json.getJsonObject("upstreams", new JsonObject())));
  }

  /** What is to be said of the pod, if it should have loaded {@code wanted}. */
  PodStatus status(String pod, String wanted) {
    var reason = whyNot(wanted);
    return new PodStatus(pod, Optional.of(fingerprint), reason.isEmpty(), reason);
  }

  private Optional<String> whyNot(String wanted) {
    if (!refused.isEmpty()) {
      return Optional.of("refused: " + String.join("; ", refused));
    }
    if (!pendingRestart.isEmpty()) {
      return Optional.of("waits for a restart: " + String.join(", ", pendingRestart));
    }
    return revision.filter(wanted::equals).isPresent()
        ? Optional.empty()
        : Optional.of("has not loaded the newest configuration yet");
  }

  private static List<KeyStatus> keys(JsonArray all) {
    var keys = new ArrayList<KeyStatus>();
    for (int i = 0; i < Math.min(all.size(), 3 * MOST_KEYS); i++) {
      var key = all.getJsonObject(i);
      if (key.getString("kind", "").equals("signing") && keys.size() < MOST_KEYS) {
        state(key.getString("state", ""))
            .ifPresent(
                state ->
                    keys.add(
                        new KeyStatus(
                            cut(key.getString("id", "")),
                            state,
                            Optional.ofNullable(key.getString("until")).map(Loaded::cut))));
      }
    }
    return keys;
  }

  private static Optional<KeyStatus.State> state(String wire) {
    for (var state : KeyStatus.State.values()) {
      if (state.name().toLowerCase(Locale.ROOT).equals(wire)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  private static List<UpstreamStatus> upstreams(JsonObject all) {
    return all.fieldNames().stream()
        .sorted()
        .limit(MOST)
        .map(
            name -> {
              var one = all.getJsonObject(name);
              var ready = one.getBoolean("ready", false);
              return new UpstreamStatus(
                  cut(name),
                  ready,
                  ready ? Optional.empty() : Optional.of(cut(one.getString("reason", "unknown"))));
            })
        .toList();
  }

  private static List<String> texts(JsonArray all) {
    return all.stream().limit(MOST).map(String.class::cast).map(Loaded::cut).toList();
  }

  private static String cut(String text) {
    var plain = text.replaceAll("\\p{Cntrl}+", " ");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "..." : plain;
  }
}
