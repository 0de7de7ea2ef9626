package dev.keyturn.store.redis;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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

  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();
  private final StoreWatch watch;

  Condition(StoreWatch watch) {
    this.watch = watch;
  }

  /** An attempt failed. */
  void met(TroubleException met) {
    var trouble = met.trouble();
    var before = troubles.put(met.node(), trouble);
    // Of a server that goes down the loops see different sides.
    if (before == null || (before != trouble && !(before.passes() && trouble.passes()))) {
      LOG.atWarn()
          .setMessage("the store is in trouble")
          .addKeyValue("node", met.node())
          .addKeyValue("reason", trouble.wire())
          .addKeyValue("because", "it " + trouble.words())
          .log();
    }
  }

  /**
   * An attempt succeeded.
   *
   * @param read whether it changed nothing, and so says nothing about changes
   */
  void fine(Address node, boolean read) {
    if (troubles.isEmpty()) {
      return;
    }
    var name = node.toString();
    var before = Optional.ofNullable(troubles.get(name));
    if (before.isPresent()
        && !(read && before.get().isOfChanges())
        && troubles.remove(name, before.get())) {
      LOG.atInfo()
          .setMessage("the store is well again")
          .addKeyValue("node", name)
          .addKeyValue("reason", before.get().wire())
          .log();
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
    troubles.forEach((node, trouble) -> words.put(node, trouble.words()));
    return words;
  }
}
