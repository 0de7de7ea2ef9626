package dev.keyturn.config;

/**
 * One thing that is wrong, or worth knowing, about a configuration.
 *
 * @param setting the setting's path as the operator wrote it, such as {@code upstreams[0].name};
 *     empty for the document as a whole
 * @param message what is wrong and what would be right, as the rest of a sentence
 */
public record Finding(Severity severity, String setting, String message) {
  /** How bad it is. */
  public enum Severity {
    /** The server does not start. */
    ERROR,
    /** The server starts; somebody should know. */
    WARNING
  }

  /** The line that is printed. */
  @Override
  public String toString() {
    return setting.isEmpty() ? message : setting + " " + message;
  }
}
