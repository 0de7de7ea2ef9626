package dev.keyturn.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks the Sentinels who the master is, and again when the one it knew is in doubt. */
final class SentinelRouter implements Router {
  private final RedisConfig.Sentinel place;
  private final Dial dial;
  private final Supplier<Credentials> credentials;
  private final List<Address> sentinels;
  private Optional<Address> master = Optional.empty();
  private Optional<Future<Address>> asking = Optional.empty();

  SentinelRouter(RedisConfig.Sentinel place, Dial dial, Supplier<Credentials> credentials) {
    this.place = place;
    this.dial = dial;
    this.credentials = credentials;
    this.sentinels = new ArrayList<>(place.sentinels());
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
      var answer = ask(0);
      asking = Optional.of(answer);
      answer.onComplete(done -> asking = Optional.empty());
      answer.onSuccess(found -> master = Optional.of(found));
      return answer;
    }
    return asking.get();
  }

  /** One after another; the one that answered is the first the next time. */
  private Future<Address> ask(int index) {
    if (index >= sentinels.size()) {
      return Future.failedFuture(
          TroubleException.refused(Trouble.AWAY, "every Sentinel of " + place.master()));
    }
    return ask(sentinels.get(index))
        .onSuccess(found -> Collections.swap(sentinels, 0, index))
        .recover(failure -> ask(index + 1));
  }

  private Future<Address> ask(Address sentinel) {
    var question = Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(place.master());
    return dial.sentinel(sentinel, credentials.get().current())
        .compose(
            link ->
                link.send(question, dial.patience())
                    .map(answer -> Address.of(answer.get(0).toString(), answer.get(1).toInteger()))
                    .onComplete(done -> link.close()));
  }
}
