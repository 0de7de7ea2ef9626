package dev.keyturn.secrets;

import dev.keyturn.config.Finding;
import java.util.List;

/** What a reader has made of a set of files. */
public sealed interface Reading<T> {
  /** All of it is good. */
  record Good<T>(T value) implements Reading<T> {
    @Override
    public String toString() {
      return "Good[]";
    }
  }

  /** Something is wrong, so nothing of it is taken. */
  record Bad<T>(List<Finding> errors) implements Reading<T> {
    public Bad {
      errors = List.copyOf(errors);
    }
  }
}
