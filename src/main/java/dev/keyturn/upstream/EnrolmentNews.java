package dev.keyturn.upstream;

import java.util.Locale;

/**
 * What came of registering Keyturn at a provider.
 *
 * @param upstream the provider's name in the configuration
 */
public record EnrolmentNews(String upstream, Outcome outcome) {
  /** The ways in which it can go. */
  public enum Outcome {
    /** There was no client, and now there is. */
    REGISTERED,
    /** The client that there was goes on with a new end. */
    RENEWED,
    /** Another client follows the one that comes to its end. */
    REPLACED,
    /** The provider knew our client no more, so there is another one. */
    ANEW,
    /** The provider does not know a client that we were before; nothing follows. */
    FORGOTTEN,
    /** The provider said no. */
    REFUSED,
    /** What the provider publishes or answers cannot be used. */
    UNUSABLE,
    /** The provider, or the store, is away. */
    AWAY;

    /** The spelling in metrics and events, such as {@code registered}. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
