package dev.keyturn.operator.render;

/**
 * Something to say of a resource, with the field that it is about and never with a secret.
 *
 * @param object the resource as {@code kind/name}
 * @param field its field as it is written there, such as {@code spec.type}
 * @param message what is wrong, as the rest of a sentence
 * @param remedy what would be right; empty where the message says it
 */
public record Remark(Weight weight, String object, String field, String message, String remedy) {
  /** What follows from a remark. */
  public enum Weight {
    /** The resource is refused. */
    REFUSED,
    /** The resource is taken and does nothing until what it needs is there. */
    PENDING,
    /** The resource works; somebody should know. */
    NOTE
  }

  /** Whether a resource of which this is said may be stored. */
  public boolean isAdmitted() {
    return weight != Weight.REFUSED;
  }

  /** The line that is shown. */
  @Override
  public String toString() {
    return field + " " + message + (remedy.isEmpty() ? "" : ": " + remedy);
  }
}
