package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.Metadata;
import dev.keyturn.operator.render.Remark;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What runs for each config, as of the last look at it. */
final class Board {
  private final Map<Key, Outcome> outcomes = new ConcurrentHashMap<>();
  private final Map<Key, Outcome> made = new ConcurrentHashMap<>();
  private final Map<Key, Verdict> verdicts = new ConcurrentHashMap<>();
  private final Map<Key, Map<String, String>> terms = new ConcurrentHashMap<>();

  Outcome of(String namespace, String config) {
    return outcomes.getOrDefault(Key.config(namespace, config), Outcome.NOTHING);
  }

  /** Whether anybody has looked at the config yet. */
  boolean knows(String namespace, String config) {
    return outcomes.containsKey(Key.config(namespace, config));
  }

  /** What was made last for the config; empty where nothing was since the start. */
  Optional<Outcome> made(String namespace, String config) {
    return Optional.ofNullable(made.get(Key.config(namespace, config)));
  }

  /** Takes it down; tells whether it is another one than before. */
  boolean note(String namespace, String config, Outcome outcome) {
    var key = Key.config(namespace, config);
    if (outcome.acted()) {
      made.put(key, outcome);
    }
    return !outcome.equals(outcomes.put(key, outcome));
  }

  /** Takes down which ConfigMaps a look has read, and what they were. */
  void noteTerms(Key config, Map<String, String> digests) {
    terms.put(config, Map.copyOf(digests));
  }

  /** What a ConfigMap was when the config was looked at; empty where it was not read. */
  Optional<String> terms(Key config, String configMap) {
    return Optional.ofNullable(terms.getOrDefault(config, Map.of()).get(configMap));
  }

  /** Takes down what was said of a server; tells whether it is something else than before. */
  boolean noteVerdict(Key server, Metadata judged, List<Remark> remarks) {
    var now = new Verdict(judged.uid(), judged.generation(), remarks);
    return !now.equals(verdicts.put(server, now));
  }

  /** What was said of a server when its config was looked at; empty where it has changed since. */
  Optional<List<Remark>> verdict(Key server, Metadata now) {
    return Optional.ofNullable(verdicts.get(server))
        .filter(one -> one.uid.equals(now.uid()) && one.generation.equals(now.generation()))
        .map(Verdict::remarks);
  }

  void forgetVerdict(Key server) {
    verdicts.remove(server);
  }

  void forget(String namespace, String config) {
    outcomes.remove(Key.config(namespace, config));
    made.remove(Key.config(namespace, config));
    terms.remove(Key.config(namespace, config));
  }

  private record Verdict(Optional<String> uid, Optional<Long> generation, List<Remark> remarks) {
    Verdict {
      remarks = List.copyOf(remarks);
    }
  }
}
