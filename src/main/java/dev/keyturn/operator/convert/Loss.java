package dev.keyturn.operator.convert;

/**
 * Something of a manifest that is not carried over.
 *
 * @param file where the manifest stands
 * @param object its kind and name
 * @param field the field; empty for the whole of it
 */
public record Loss(String file, String object, String field, String reason) {
  /** The line that is printed. */
  @Override
  public String toString() {
    var where = file + ": " + object;
    return (where + (field.isEmpty() ? "" : " " + field) + ": " + reason)
        .replaceAll("\\p{Cntrl}+", " ");
  }
}
