package dev.keyturn.upstream;

import java.util.Locale;

/**
 * What a provider's token endpoint made of the secret or key that Keyturn proved itself with.
 *
 * @param upstream the provider's name in the configuration
 */
public record ClientProof(String upstream, Outcome outcome) {
  /** The ways in which it can go. */
  public enum Outcome {
    /** The secret of now was taken. */
    ACCEPTED,
    /** The secret of now was refused, and the one before it was taken. */
    PREVIOUS_ACCEPTED,
    /** Each secret that there is was refused. */
    REFUSED;

    /** The spelling in metrics, such as {@code previous_accepted}. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
