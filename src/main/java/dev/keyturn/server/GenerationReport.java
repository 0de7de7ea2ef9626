package dev.keyturn.server;

import dev.keyturn.keys.KeyState;
import dev.keyturn.upstream.UpstreamStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code /generation} tells: which configuration and which keys are in force in this process.
 *
 * <p>Whoever runs several processes compares them by it. The fingerprint is made of ids that are
 * shown anyway and of the revision, so that it is the hash of no secret.
 *
 * @param number counts in this process
 */
record GenerationReport(
    long number,
    Instant loadedAt,
    Optional<String> revision,
    List<String> pendingRestart,
    String fingerprint) {
  private static final int LENGTH = 16;

  GenerationReport {
    pendingRestart = List.copyOf(pendingRestart);
  }

  /** What keys become by time alone is no other generation, and was not loaded again. */
  static GenerationReport of(InForce now, Instant at, Optional<GenerationReport> before) {
    return new GenerationReport(
        now.generation(),
        before
            .filter(same -> same.number == now.generation())
            .map(GenerationReport::loadedAt)
            .orElse(at),
        now.config().revision(),
        now.config().pendingRestart(),
        fingerprint(now));
  }

  JsonObject toJson(JsonArray keys, List<String> refused, Collection<UpstreamStatus> upstreams) {
    var json =
        new JsonObject()
            .put("number", number)
            .put("loaded_at", loadedAt.toString())
            .put("fingerprint", fingerprint)
            .put("refused", new JsonArray(refused))
            .put("pending_restart", new JsonArray(pendingRestart))
            .put("keys", keys);
    revision.ifPresent(text -> json.put("revision", text));
    var providers = new JsonObject();
    upstreams.forEach(
        one ->
            providers.put(
                one.name(),
                new JsonObject()
                    .put("ready", one.ready())
                    .put("reason", one.reason().orElse(one.ready() ? "" : "no answer yet"))));
    return json.put("upstreams", providers);
  }

  private static String fingerprint(InForce now) {
    var ids =
        now.keys().states().stream()
            .filter(KeyState::listed)
            .map(state -> state.kind().wire() + " " + state.id())
            .sorted()
            .collect(Collectors.joining("\n", now.config().revision().orElse("") + "\n", ""));
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha256.digest(ids.getBytes(StandardCharsets.UTF_8)))
          .substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
