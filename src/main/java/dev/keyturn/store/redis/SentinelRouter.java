package dev.keyturn.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the Sentinels who the master is, and again when the one it knew is in doubt. */
final class SentinelRouter implements Router {
  private static final Duration PATIENCE = Duration.ofMillis(700);

  private final RedisConfig.Sentinel place;
  private final Dial dial;
  private final Condition condition;
  private final Supplier<Credentials> credentials;
  private Optional<Address> master = Optional.empty();
  private Optional<Future<Address>> asking = Optional.empty();

  SentinelRouter(
      RedisConfig.Sentinel place,
      Dial dial,
      Condition condition,
      Supplier<Credentials> credentials) {
    this.place = place;
    this.dial = dial;
    this.condition = condition;
    this.credentials = credentials;
  }

  @Override
  public Future<Address> owner(String key) {
    return master.map(Future::succeededFuture).orElseGet(this::asked);
  }

  @Override
  public String place(String key) {
    return place.master();
  }

  @Override
  public void doubt(Address address) {
    master = master.filter(known -> !known.equals(address));
  }

  private Future<Address> asked() {
    if (asking.isEmpty()) {
      var answer = askAll();
      asking = Optional.of(answer);
      answer.onComplete(done -> asking = Optional.empty());
      answer.onSuccess(this::take);
      return answer;
    }
    return asking.get();
  }

  private void take(Address found) {
    master = Optional.of(found);
    condition.servedBy(Set.of(found.toString()));
  }

  /** What most of them say: one that is behind would name a master that was, perhaps empty now. */
  private Future<Address> askAll() {
    var answers = place.sentinels().stream().map(this::ask).toList();
    return Future.join(answers)
        .transform(
            done -> {
              var said =
                  answers.stream()
                      .filter(Future::succeeded)
                      .collect(Collectors.groupingBy(Future::result, Collectors.counting()));
              return said.entrySet().stream()
                  .max(Map.Entry.comparingByValue())
                  .map(most -> Future.succeededFuture(most.getKey()))
                  .orElseGet(() -> Future.failedFuture(nobody(answers)));
            });
  }

  /** Where one of them said why, that is the reason, and else that they are away. */
  private TroubleException nobody(List<Future<Address>> answers) {
    var name = "every Sentinel of " + place.master();
    return answers.stream()
        .map(Future::cause)
        .filter(TroubleException.class::isInstance)
        .map(TroubleException.class::cast)
        .filter(met -> met.trouble() != Trouble.AWAY && met.trouble() != Trouble.TIMEOUT)
        .findFirst()
        .map(met -> met.of(name))
        .orElseGet(() -> TroubleException.refused(Trouble.AWAY, name));
  }

  private Future<Address> ask(Address sentinel) {
    var question = Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(place.master());
    return dial.sentinel(sentinel, credentials.get().current())
        .compose(
            link ->
                link.send(question, PATIENCE)
                    .compose(answer -> address(answer, sentinel))
                    .onComplete(done -> link.close()))
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A Sentinel that does not know the set says nothing. */
  private static Future<Address> address(@Nullable Response answer, Address sentinel) {
    return answer == null || answer.size() != 2
        ? Future.failedFuture(TroubleException.refused(Trouble.UNNAMED, sentinel))
        : Future.succeededFuture(Address.of(answer.get(0).toString(), answer.get(1).toInteger()));
  }
}
