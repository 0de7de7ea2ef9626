package dev.keyturn.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How far each refresh has come, as it can be seen from what the processes write to Redis.
 *
 * <p>A refresh is what a process does to an entry while it has the lease: the first write is the
 * intent, the second is the answer, the third puts that in force.
 */
final class RefreshProgress {
  private static final String LEASE = "vault-lease/";
  private static final String ENTRY = "vault/";
  private static final int PUT = 6;
  private static final int EXCHANGE = 7;

  private final KillOrder order;
  private final Predicate<String> answered;
  private final Map<Refresh, Stage> stages = new HashMap<>();
  private final Set<String> unjudged = new HashSet<>();
  private final Set<String> cutOff = new HashSet<>();

  /**
   * @param answered whether the provider's last word on an entry were tokens
   */
  RefreshProgress(KillOrder order, Predicate<String> answered) {
    this.order = order;
    this.answered = answered;
  }

  private record Refresh(int process, String entry) {}

  private enum Stage {
    LEASED,
    INTENDED,
    ANSWERED,
    OVER
  }

  /** A command is about to be sent to Redis; tells whether the process is dead now. */
  boolean before(int process, RedisFrame command) {
    return replaced(command)
        .flatMap(entry -> before(new Refresh(process, entry)))
        .filter(step -> order.reached(process, step, replaced(command).orElseThrow()))
        .isPresent();
  }

  /** A command was carried out; tells whether the process is dead now. */
  boolean after(int process, RedisFrame command) {
    var leased = put(command);
    var step =
        leased.isPresent()
            ? Optional.of(lease(new Refresh(process, leased.get())))
            : replaced(command).flatMap(entry -> write(new Refresh(process, entry)));
    released(command).ifPresent(entry -> release(new Refresh(process, entry)));
    var entry = leased.or(() -> replaced(command)).orElse("");
    return step.filter(here -> order.reached(process, here, entry)).isPresent();
  }

  /**
   * A process is dead, and all is done that it had asked for. An intent that it leaves is one of
   * which nobody knows what became.
   *
   * @return the entries whose lease it has
   */
  synchronized List<String> died(int process) {
    var left = stages.keySet().stream().filter(refresh -> refresh.process() == process).toList();
    left.stream()
        .filter(refresh -> stages.get(refresh) == Stage.INTENDED)
        .forEach(refresh -> cutOff.add(refresh.entry()));
    stages.keySet().removeAll(left);
    return left.stream().map(Refresh::entry).toList();
  }

  /** Whether a process died that had written an intent, and no answer, since the last login. */
  synchronized boolean isCutOff(String entry) {
    return cutOff.contains(entry);
  }

  /** A login has brought other tokens. */
  synchronized void loggedIn(String entry) {
    cutOff.remove(entry);
    unjudged.remove(entry);
  }

  private synchronized Optional<KillStep> before(Refresh refresh) {
    return switch (stages.getOrDefault(refresh, Stage.OVER)) {
      case INTENDED ->
          answered.test(refresh.entry()) ? Optional.of(KillStep.ANSWER_RECEIVED) : Optional.empty();
      case ANSWERED -> Optional.of(KillStep.ANSWER_JUDGED);
      default -> Optional.empty();
    };
  }

  /** What another process has left is gone on with: there is no intent then. */
  private synchronized KillStep lease(Refresh refresh) {
    var entry = refresh.entry();
    stages.put(
        refresh,
        unjudged.contains(entry)
            ? Stage.ANSWERED
            : cutOff.contains(entry) ? Stage.OVER : Stage.LEASED);
    return KillStep.LEASE_TAKEN;
  }

  private synchronized Optional<KillStep> write(Refresh refresh) {
    var came = answered.test(refresh.entry());
    return switch (stages.getOrDefault(refresh, Stage.OVER)) {
      case LEASED -> reach(refresh, Stage.INTENDED, KillStep.INTENT_WRITTEN);
      case INTENDED -> came ? answer(refresh) : settle(refresh);
      case ANSWERED -> {
        unjudged.remove(refresh.entry());
        yield reach(refresh, Stage.OVER, KillStep.IN_FORCE);
      }
      case OVER -> Optional.empty();
    };
  }

  private Optional<KillStep> answer(Refresh refresh) {
    unjudged.add(refresh.entry());
    return reach(refresh, Stage.ANSWERED, KillStep.ANSWER_WRITTEN);
  }

  private Optional<KillStep> settle(Refresh refresh) {
    stages.put(refresh, Stage.OVER);
    return Optional.empty();
  }

  private Optional<KillStep> reach(Refresh refresh, Stage stage, KillStep step) {
    stages.put(refresh, stage);
    return Optional.of(step);
  }

  private synchronized void release(Refresh refresh) {
    stages.remove(refresh);
  }

  private static Optional<String> put(RedisFrame command) {
    return command.words().size() == PUT ? named(command, LEASE) : Optional.empty();
  }

  private static Optional<String> replaced(RedisFrame command) {
    return command.words().size() == EXCHANGE ? named(command, ENTRY) : Optional.empty();
  }

  private static Optional<String> released(RedisFrame command) {
    return command.words().size() == EXCHANGE ? named(command, LEASE) : Optional.empty();
  }

  /** Whether a command is one that makes an entry of the vault, or takes its lease. */
  static boolean isFenced(RedisFrame command) {
    return put(command).or(() -> replaced(command)).isPresent();
  }

  private static Optional<String> named(RedisFrame command, String kind) {
    var key = command.word(3);
    return key.startsWith(KillWorld.PREFIX + kind)
        ? Optional.of(key.substring((KillWorld.PREFIX + kind).length()))
        : Optional.empty();
  }
}
