package dev.keyturn.store.file;

import io.vertx.core.buffer.Buffer;

/**
 * What a change makes of the entry that it finds, and what its caller is told.
 *
 * @param answer for the caller, once the step is durable
 */
record Decision<T>(T answer, Step step) {
  /** What becomes of the entry. */
  sealed interface Step {}

  /** It stays as it is. */
  record Keep() implements Step {}

  /** It goes. */
  record Remove() implements Step {}

  /**
   * It is written.
   *
   * @param dies when it is dead, in milliseconds since 1970
   */
  record Write(Buffer value, long dies) implements Step {}

  static <T> Decision<T> keep(T answer) {
    return new Decision<>(answer, new Keep());
  }

  static <T> Decision<T> remove(T answer) {
    return new Decision<>(answer, new Remove());
  }

  static <T> Decision<T> write(T answer, Buffer value, long dies) {
    return new Decision<>(answer, new Write(value, dies));
  }
}
