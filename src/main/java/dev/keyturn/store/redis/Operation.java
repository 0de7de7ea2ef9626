package dev.keyturn.store.redis;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One command or script on one key, and what its answer means.
 *
 * @param name for metrics
 * @param key with its prefix
 * @param request what is sent
 * @param whole what is sent where the server does not know the script
 * @param reader makes the result of the answer; throws {@code RuntimeException} if it makes none
 * @param kind what it does to its key
 */
record Operation<T>(
    String name,
    String key,
    Request request,
    Optional<Request> whole,
    Function<@Nullable Response, T> reader,
    Kind<T> kind) {

  /** What an operation does to its key, and how its outcome is found out afterwards. */
  sealed interface Kind<T> {}

  /** Nothing, so that it may be asked again. */
  record Reads<T>() implements Kind<T> {}

  /** Nothing but to tell the replicas once more, for which it waits; it may be asked again. */
  record Confirms<T>(Predicate<T> changed) implements Kind<T> {}

  /** Something that leaves no stamp. */
  record Counts<T>() implements Kind<T> {}

  /**
   * Something that leaves a stamp.
   *
   * @param changed whether the result says that it did something
   * @param found the result that it had, if what was read afterwards tells
   */
  record Changes<T>(Buffer stamp, Predicate<T> changed, Function<Stamped, Optional<T>> found)
      implements Kind<T> {}

  /** Whether nothing is spoilt by doing it twice. */
  boolean isRepeatable() {
    return kind instanceof Reads || kind instanceof Confirms;
  }

  /** The key without what tells one of its kind from another. */
  String kindOfKey() {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  /** Whether a server that takes no changes can do it. */
  boolean isRead() {
    return kind instanceof Reads;
  }

  /** Whether replicas must have it before it is acknowledged, as far as the kind of it goes. */
  boolean waits() {
    return kind instanceof Changes || kind instanceof Confirms;
  }

  /** Whether this result is of something that replicas must have. */
  boolean changed(T result) {
    if (kind instanceof Changes<T> changes) {
      return changes.changed().test(result);
    }
    return kind instanceof Confirms<T> confirms && confirms.changed().test(result);
  }

  /** What lies under a key, an entry or a mark, if anything does. */
  static Optional<Stamped> stamped(@Nullable Response answer) {
    return Optional.ofNullable(answer).map(Response::toBuffer).map(Stamped::decode);
  }

  /** A command. */
  static <T> Operation<T> command(
      String name,
      String key,
      Request request,
      Function<@Nullable Response, T> reader,
      Kind<T> kind) {
    return new Operation<>(name, key, request, Optional.empty(), reader, kind);
  }

  /** A script. */
  static <T> Operation<T> script(
      String name,
      String key,
      Scripted scripted,
      Function<@Nullable Response, T> reader,
      Kind<T> kind) {
    return new Operation<>(
        name,
        key,
        scripted.request(Command.EVALSHA, scripted.script.hash(), key),
        Optional.of(scripted.request(Command.EVAL, scripted.script.text(), key)),
        reader,
        kind);
  }

  /** A script with what it is given. */
  record Scripted(Script script, List<Buffer> arguments) {
    Scripted {
      arguments = List.copyOf(arguments);
    }

    static Scripted of(Script script, Buffer... arguments) {
      return new Scripted(script, List.of(arguments));
    }

    Request request(Command command, String script, String key) {
      var request = Request.cmd(command).arg(script).arg(1).arg(key);
      arguments.forEach(request::arg);
      return request;
    }
  }
}
