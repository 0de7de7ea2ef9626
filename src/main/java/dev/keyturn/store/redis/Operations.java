package dev.keyturn.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.store.Versioned;
import dev.keyturn.store.redis.Operation.Changes;
import dev.keyturn.store.redis.Operation.Counts;
import dev.keyturn.store.redis.Operation.Reads;
import dev.keyturn.store.redis.Operation.Scripted;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The seven operations in the words of Redis. */
final class Operations {
  /** The longest value; what is longer is a mistake of ours. */
  static final int MAX_VALUE = 1024 * 1024;

  private static final int MAX_KEY = 512;

  /** What {@link Script#PUT_IF_ABSENT} answers where something else lies. */
  private static final int FOREIGN = -1;

  /** How long who took or deleted an entry may ask for the answer that was lost. */
  private static final Duration MARK = Duration.ofSeconds(10);

  private final String prefix;
  private final SecureRandom random;

  Operations(String prefix, SecureRandom random) {
    this.prefix = prefix;
    this.random = random;
  }

  Operation<Boolean> put(String key, Buffer value, Duration ttl) {
    var stamp = Stamped.stamp(random);
    var request =
        Request.cmd(Command.SET)
            .arg(named(key))
            .arg(entry(stamp, value))
            .arg("PX")
            .arg(millis(ttl));
    return Operation.command(
        "put",
        named(key),
        request,
        Operations::isOk,
        new Changes<>(stamp, done -> done, Operations::written));
  }

  Operation<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    var stamp = Stamped.stamp(random);
    return Operation.script(
        "put_if_absent",
        named(key),
        Scripted.of(Script.PUT_IF_ABSENT, entry(stamp, value), number(millis(ttl))),
        Operations::isOne,
        new Changes<>(stamp, done -> done, Operations::written));
  }

  Operation<Optional<Versioned<Buffer>>> get(String key) {
    return Operation.command(
        "get",
        named(key),
        Request.cmd(Command.GET).arg(named(key)),
        answer ->
            Operation.stamped(answer)
                .flatMap(Stamped::living)
                .map(found -> new Versioned<>(found.value(), found.version())),
        new Reads<>());
  }

  Operation<Optional<Buffer>> take(String key) {
    var stamp = Stamped.stamp(random);
    return Operation.script(
        "take",
        named(key),
        Scripted.of(Script.TAKE, Stamped.mark(stamp), number(MARK.toMillis())),
        answer -> Operation.stamped(answer).flatMap(Stamped::living).map(Stamped::value),
        new Changes<>(
            stamp,
            Optional::isPresent,
            found -> found.alive() ? Optional.empty() : Optional.of(Optional.of(found.value()))));
  }

  Operation<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    var stamp = Stamped.stamp(random);
    return Operation.script(
        "replace",
        named(key),
        Scripted.of(
            Script.EXCHANGE, Stamped.head(version), entry(stamp, next), number(millis(ttl))),
        Operations::isOne,
        new Changes<>(stamp, done -> done, Operations::written));
  }

  Operation<Boolean> delete(String key, long version) {
    var stamp = Stamped.stamp(random);
    return Operation.script(
        "delete",
        named(key),
        Scripted.of(
            Script.EXCHANGE, Stamped.head(version), Stamped.mark(stamp), number(MARK.toMillis())),
        Operations::isOne,
        new Changes<>(
            stamp, done -> done, found -> found.alive() ? Optional.empty() : Optional.of(true)));
  }

  Operation<Long> count(String key, Duration ttl) {
    return Operation.script(
        "count",
        named(key),
        Scripted.of(Script.COUNT, number(millis(ttl))),
        answer -> Objects.requireNonNull(answer).toLong(),
        new Counts<>());
  }

  private static Optional<Boolean> written(Stamped found) {
    return found.alive() ? Optional.of(true) : Optional.empty();
  }

  private static boolean isOk(@Nullable Response answer) {
    if (answer == null || !"OK".equals(answer.toString())) {
      throw new IllegalArgumentException("SET does not say OK");
    }
    return true;
  }

  private static boolean isOne(@Nullable Response answer) {
    var number = Objects.requireNonNull(answer).toInteger();
    if (number == FOREIGN) {
      throw new ForeignValueException();
    }
    if (number != 0 && number != 1) {
      throw new IllegalArgumentException("neither done nor left");
    }
    return number == 1;
  }

  private String named(String key) {
    if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "a key is at most " + MAX_KEY + " visible ASCII characters");
    }
    return prefix + key;
  }

  private static Buffer entry(Buffer stamp, Buffer value) {
    if (value.length() > MAX_VALUE) {
      throw new IllegalArgumentException("a value is at most " + MAX_VALUE + " bytes long");
    }
    return Stamped.entry(stamp, value);
  }

  /** Redis refuses a time to live that is not positive, and one that no clock can add. */
  private static long millis(Duration ttl) {
    var most = Duration.ofDays(36_500);
    return ttl.compareTo(most) > 0 ? most.toMillis() : Math.max(1, ttl.toMillis());
  }

  private static Buffer number(long number) {
    return Buffer.buffer(String.valueOf(number).getBytes(US_ASCII));
  }
}
