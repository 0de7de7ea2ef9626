package dev.keyturn.operator.api;

/**
 * One thing that an API server says against an object.
 *
 * @param field where, as the API server spells it
 * @param blocks whether the server looks at no rule any more; no part of what is said
 */
record Complaint(String field, String message, boolean blocks) implements Comparable<Complaint> {
  static Complaint of(String field, String message) {
    return new Complaint(field, message, false);
  }

  static Complaint blocking(String field, String message) {
    return new Complaint(field, message, true);
  }

  /** As tables of this project spell it. */
  String text() {
    return field.isEmpty() ? message : field + ": " + message;
  }

  @Override
  public int compareTo(Complaint other) {
    return text().compareTo(other.text());
  }
}
