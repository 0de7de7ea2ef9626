package dev.keyturn.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether the clients that hold access tokens are still there.
 *
 * <p>A client that the operator removed, or that deleted its record, is gone with all that it holds
 * (RFC 7592, section 2.3), and nobody has to know which sessions were its. It is looked up at most
 * every two seconds; while the store is away the last answer holds, for a quarter of an hour.
 */
public final class Presence {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
  private static final Duration MAX_STALE = Duration.ofMinutes(15);
  private static final int MAX_CACHED = 10_000;

  private final Supplier<Clients> clients;
  private final Clock clock;
  private final Cache<String, Answer> answers =
      Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

  /**
   * @param clients those of the moment
   */
  public Presence(Supplier<Clients> clients, Clock clock) {
    this.clients = clients;
    this.clock = clock;
  }

  /** Whether there is a client of that name, as known here and now. */
  public Future<Boolean> isKnown(String id) {
    var known = Optional.ofNullable(answers.getIfPresent(id));
    return known
        .filter(answer -> answer.isYoungerThan(LOOK_AGAIN, clock))
        .map(answer -> Future.succeededFuture(answer.known()))
        .orElseGet(() -> look(id).recover(away -> lastAnswer(known)));
  }

  private Future<Boolean> look(String id) {
    var asked = clock.instant();
    return clients.get().isKnown(id).onSuccess(known -> answers.put(id, new Answer(known, asked)));
  }

  private Future<Boolean> lastAnswer(Optional<Answer> known) {
    return known
        .filter(answer -> answer.isYoungerThan(MAX_STALE, clock))
        .map(answer -> Future.succeededFuture(answer.known()))
        .orElseGet(
            () ->
                Future.failedFuture(
                    new UnavailableException(
                        "the store cannot tell whether a client is still there", LOOK_AGAIN)));
  }

  private record Answer(boolean known, Instant at) {
    boolean isYoungerThan(Duration age, Clock clock) {
      return clock.instant().isBefore(at.plus(age));
    }
  }
}
