package dev.keyturn.secrets;

import dev.keyturn.config.Finding;
import java.util.List;

/** What one look at the watched files has brought. */
public sealed interface Look<T> {
  /** All is as it was when it was last judged. */
  record Unchanged<T>() implements Look<T> {}

  /** Something is changing: look again soon, but not at once. */
  record Unsettled<T>() implements Look<T> {}

  /** The files hold again what the generation in force was made of; the refusal is over. */
  record Recovered<T>() implements Look<T> {}

  /** There is a new generation. */
  record Accepted<T>(Generation<T> generation) implements Look<T> {}

  /** The content is no good, said once for each content; the last generation stays in force. */
  record Rejected<T>(List<Finding> errors) implements Look<T> {
    public Rejected {
      errors = List.copyOf(errors);
    }
  }
}
