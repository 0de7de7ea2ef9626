package dev.keyturn.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the servers are, as all event loops together see it; each change is told once, with the name
 * of the server and the reason.
 */
final class Condition {
  private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

  private final Map<String, Met> troubles = new ConcurrentHashMap<>();
  private final StoreWatch watch;

  Condition(StoreWatch watch) {
    this.watch = watch;
  }

  /** An attempt failed. What is wrong with one key is told to the one who asked for it. */
  void met(TroubleException met, Operation<?> operation) {
    var trouble = met.trouble();
    if (trouble.isOfKey()) {
      return;
    }
    var before = troubles.put(met.node(), new Met(trouble, met.words(), operation.name()));
    if (before == null || !before.isSameAs(trouble)) {
      LOG.atWarn()
          .setMessage("the store is in trouble")
          .addKeyValue("node", met.node())
          .addKeyValue("reason", trouble.wire())
          .addKeyValue("because", "it " + met.words())
          .log();
    }
  }

  /** An attempt succeeded. */
  void fine(Address node, Operation<?> operation) {
    if (troubles.isEmpty()) {
      return;
    }
    var name = node.toString();
    var before = Optional.ofNullable(troubles.get(name));
    if (before.isPresent()
        && before.get().isOverWith(operation)
        && troubles.remove(name, before.get())) {
      LOG.atInfo()
          .setMessage("the store is well again")
          .addKeyValue("node", name)
          .addKeyValue("reason", before.get().trouble().wire())
          .log();
    }
  }

  /** It is known who serves; what was wrong with finding out, or with others before, is over. */
  void servedBy(Set<String> names) {
    for (var name : List.copyOf(troubles.keySet())) {
      var over = names.contains(name) ? null : troubles.remove(name);
      if (over != null) {
        LOG.atInfo()
            .setMessage("the store is well again")
            .addKeyValue("node", name)
            .addKeyValue("reason", over.trouble().wire())
            .addKeyValue("served_by", String.join(" ", names))
            .log();
      }
    }
  }

  /** A whole operation has ended. */
  void tell(String operation, long begin, @Nullable Throwable failure) {
    var outcome =
        failure == null
            ? "done"
            : failure instanceof TroubleException met ? met.trouble().wire() : Trouble.ODD.wire();
    watch.ended(operation, outcome, Duration.ofNanos(System.nanoTime() - begin));
  }

  /** The servers that are in trouble, with the reason. */
  Map<String, String> troubles() {
    var words = new TreeMap<String, String>();
    troubles.forEach((node, met) -> words.put(node, met.words()));
    return words;
  }

  /**
   * What is wrong with a server.
   *
   * @param operation the one that met it last
   */
  private record Met(Trouble trouble, String words, String operation) {
    /** Of a server that goes down the loops see different sides. */
    boolean isSameAs(Trouble next) {
      return trouble == next || (trouble.isPhase() && next.isPhase());
    }

    /** That others have their rights says nothing; nor do reads of changes. */
    boolean isOverWith(Operation<?> done) {
      return trouble == Trouble.FORBIDDEN
          ? done.name().equals(operation)
          : !(done.isRead() && trouble.isOfChanges());
    }
  }
}
