package dev.keyturn.grant;

import dev.keyturn.client.Client;
import dev.keyturn.token.TokenSet;
import io.vertx.core.Future;

/**
 * One way to be given tokens.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-1.3">RFC 6749, section 1.3</a>
 */
public interface Grant {
  /** The {@code grant_type} that asks for it. */
  String type();

  /**
   * Whether {@code client} may ask for it: if its grant types say so, unless a grant knows better.
   */
  default boolean isFor(Client client) {
    return client.may(type());
  }

  /** Trades the request's credential for tokens, or refuses. */
  Future<TokenSet> redeem(TokenRequest request);
}
