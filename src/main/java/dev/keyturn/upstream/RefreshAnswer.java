package dev.keyturn.upstream;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of a refresh token that was sent to its provider.
 *
 * <p>The kinds differ in what they say about the token: whether it is spent, will never work again,
 * or is as good as before. Only a provider's own word is taken for a no.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-6">RFC 6749, section 6</a>
 */
public sealed interface RefreshAnswer {
  /**
   * It was redeemed.
   *
   * @param fresh the tokens as they came; whose they are was not looked at yet
   */
  record Redeemed(UpstreamTokens fresh) implements RefreshAnswer {}

  /** It will never work again, or is not for this provider. */
  record Refused() implements RefreshAnswer {}

  /** The provider does not know us, so it has not looked at the token. */
  record ClientRefused() implements RefreshAnswer {}

  /**
   * It was given to a client that we are no more and that nothing here proves: it cannot be
   * redeemed, and nothing was sent.
   */
  record Orphaned() implements RefreshAnswer {}

  /** The provider took the request and answered something without meaning. */
  record Unusable() implements RefreshAnswer {}

  /** The provider refused this request in words that say nothing of the token or of itself. */
  record Unclear() implements RefreshAnswer {}

  /**
   * Nothing was done, now, and it would be the same with any other token: the provider is in
   * trouble, or cannot be reached.
   *
   * @param retryAfter what the provider asks to wait for
   */
  record Away(Optional<Duration> retryAfter) implements RefreshAnswer {}

  /** The request left and nothing came back: it may have been redeemed, or not. */
  record Lost() implements RefreshAnswer {}
}
