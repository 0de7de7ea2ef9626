package dev.keyturn.store.file;

import java.util.Optional;
import java.util.function.Function;

/**
 * One operation that may write, on its way through the queue.
 *
 * @param rule decides by the entry that is there and alive
 */
record Change<T>(String key, Function<Optional<Entry>, Decision<T>> rule, Answer<T> answer) {
  /** Carries out the rule; what comes back tells the caller, once everything is durable. */
  Runnable applyTo(Entries entries) {
    var decision = rule.apply(entries.alive(key));
    if (decision.step() instanceof Decision.Write write) {
      entries.write(key, write);
    } else if (decision.step() instanceof Decision.Remove) {
      entries.remove(key);
    }
    return () -> answer.succeed(decision.answer());
  }
}
