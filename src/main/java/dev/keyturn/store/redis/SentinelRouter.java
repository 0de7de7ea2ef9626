package dev.keyturn.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the Sentinels who the master is, and again when the one it knew is in doubt. */
final class SentinelRouter implements Router {
  private static final Duration PATIENCE = Duration.ofMillis(700);

  private final RedisConfig.Sentinel place;
  private final Dial dial;
  private final Supplier<Credentials> credentials;
  private Optional<Address> master = Optional.empty();
  private Optional<Future<Address>> asking = Optional.empty();

  SentinelRouter(RedisConfig.Sentinel place, Dial dial, Supplier<Credentials> credentials) {
    this.place = place;
    this.dial = dial;
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
      answer.onSuccess(found -> master = Optional.of(found));
      return answer;
    }
    return asking.get();
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
                  .orElseGet(() -> Future.failedFuture(nobody()));
            });
  }

  private TroubleException nobody() {
    return TroubleException.refused(Trouble.AWAY, "every Sentinel of " + place.master());
  }

  private Future<Address> ask(Address sentinel) {
    var question = Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(place.master());
    return dial.sentinel(sentinel, credentials.get().current())
        .compose(
            link ->
                link.send(question, PATIENCE)
                    .map(SentinelRouter::address)
                    .onComplete(done -> link.close()))
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A Sentinel that does not know the set says nothing. */
  private static Address address(@Nullable Response answer) {
    if (answer == null || answer.size() != 2) {
      throw new IllegalArgumentException("no address");
    }
    return Address.of(answer.get(0).toString(), answer.get(1).toInteger());
  }
}
