package dev.keyturn.secrets;

import dev.keyturn.config.Finding;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What a reader has made of a set of files. */
public sealed interface Reading<T> {
  /** All of it is good. */
  record Good<T>(T value) implements Reading<T> {
    @Override
    public String toString() {
      return "Good[]";
    }
  }

  /**
   * Something is wrong, so nothing of it is taken.
   *
   * @param isOver whether time alone may have made it good
   */
  record Bad<T>(List<Finding> errors, BooleanSupplier isOver) implements Reading<T> {
    public Bad {
      errors = List.copyOf(errors);
    }

    /** Something that stays wrong. */
    public Bad(List<Finding> errors) {
      this(errors, () -> false);
    }
  }
}
