package dev.keyturn.upstream;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which proofs of who we are a provider may believe: the one of now, the one before it, and for
 * logins on their way that of the client that we were.
 *
 * <p>The one before is forgotten soon after the new one has worked, not at once: a large provider
 * learns a secret at one place before the other. Belongs to one event loop.
 */
final class SecretMemory {
  /** How long a secret is remembered that another one has replaced. */
  private static final Duration LONGEST = Duration.ofHours(24);

  /** How long it still is after the new one has worked. */
  private static final Duration SETTLING = Duration.ofMinutes(10);

  /** How long a login can be on its way that was begun by a client that we are no more. */
  private static final Duration LOGIN = Duration.ofMinutes(10);

  private final Clock clock;
  private Held current;
  private Optional<Held> previous = Optional.empty();
  private Optional<Held> formerClient = Optional.empty();
  private List<Held> others = List.of();

  SecretMemory(Credentials first, Clock clock) {
    this(new Held(0, first, false, Instant.MAX), clock);
  }

  private SecretMemory(Held current, Clock clock) {
    this.current = current;
    this.clock = clock;
  }

  SecretMemory copy() {
    var copy = new SecretMemory(current, clock);
    copy.previous = previous;
    copy.formerClient = formerClient;
    copy.others = others;
    return copy;
  }

  Held current() {
    return current;
  }

  /** What proves {@code client}, if we are or just were it. */
  Optional<Held> of(String client) {
    return all().filter(held -> held.isOf(client)).findFirst();
  }

  /** The client that {@code generation} stands for, if we are, or just were, or also are it. */
  Optional<String> clientOf(String generation) {
    return all()
        .map(held -> held.credentials.clientId())
        .filter(client -> ClientGeneration.of(client).equals(generation))
        .findFirst();
  }

  /** Knows {@code clients} besides the current one, and none that we were before. */
  void knowOnly(List<Credentials> clients) {
    formerClient = Optional.empty();
    others = clients.stream().map(one -> new Held(-1, one, true, Instant.MAX)).toList();
  }

  private Stream<Held> all() {
    return Stream.of(Stream.of(current), others.stream(), alive(formerClient).stream())
        .flatMap(known -> known);
  }

  /**
   * Takes {@code next} for every request from now on; tells whether it is another one. The one
   * before it is the last one that has worked, since of several quick changes the provider may have
   * seen none.
   */
  boolean change(Credentials next) {
    if (current.is(next)) {
      return false;
    }
    if (!current.isOf(next.clientId())) {
      formerClient = Optional.of(current.until(clock.instant().plus(LOGIN)));
      previous = Optional.empty();
    } else if (current.worked || alive(previous).filter(held -> !held.is(next)).isEmpty()) {
      previous = Optional.of(current.until(clock.instant().plus(LONGEST)));
    }
    current = new Held(current.number + 1, next, false, Instant.MAX);
    return true;
  }

  /**
   * What a refused request can be sent with again: what is newer than {@code first}, else what was
   * before it. If {@code first} has worked only meanwhile, the provider has just learned it.
   *
   * @param first as it was when the request was sent
   */
  Optional<Held> other(Held first) {
    var learned = first.number != current.number || (current.worked && !first.worked);
    return (learned ? Optional.of(current) : alive(previous))
        .filter(held -> held.isOf(first.credentials.clientId()));
  }

  /** Notes that the provider gave tokens for {@code held}. */
  void worked(Held held) {
    if (held.number == current.number && !current.worked) {
      var end = clock.instant().plus(SETTLING);
      current = new Held(current.number, current.credentials, true, Instant.MAX);
      previous = previous.map(one -> one.until.isBefore(end) ? one : one.until(end));
    } else if (!current.worked && previous.filter(one -> one.number < held.number).isPresent()) {
      // The answer came only after it was replaced; still it is the last one that has worked.
      previous = Optional.of(held.until(clock.instant().plus(LONGEST)));
    }
  }

  private Optional<Held> alive(Optional<Held> held) {
    return held.filter(one -> clock.instant().isBefore(one.until));
  }

  /**
   * One proof in the order of changes.
   *
   * @param worked whether the provider gave tokens for it
   * @param until when it is forgotten
   */
  record Held(int number, Credentials credentials, boolean worked, Instant until) {
    private boolean is(Credentials other) {
      return credentials.equals(other);
    }

    boolean isOf(String client) {
      return credentials.clientId().equals(client);
    }

    private Held until(Instant end) {
      return new Held(number, credentials, worked, end);
    }
  }
}
