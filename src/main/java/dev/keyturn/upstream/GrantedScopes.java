package dev.keyturn.upstream;

import dev.keyturn.oauth.Scopes;
import java.util.Set;

/**
 * What a provider has granted, compared with what a page has named.
 *
 * <p>A provider may grant more than was asked for, and an account may be logged in to again with
 * more. Whoever approved a client read the page, so tokens that open more are not for that client.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.3">RFC 6749, section 3.3</a>
 */
public final class GrantedScopes {
  /**
   * Those that tell who somebody is, or for how long. Providers add them, and Google spells them in
   * its own way; a login names them by being one.
   */
  private static final Scopes OF_A_LOGIN =
      new Scopes(
          Set.of(
              "openid",
              "profile",
              "email",
              "offline_access",
              "https://www.googleapis.com/auth/userinfo.email",
              "https://www.googleapis.com/auth/userinfo.profile"));

  private GrantedScopes() {}

  /** What was granted and not named. */
  public static Scopes beyond(Scopes named, Scopes granted) {
    return granted.without(named).without(OF_A_LOGIN);
  }

  /** What a page must name for tokens of which {@code granted} was granted. */
  public static Scopes toName(Scopes asked, Scopes granted) {
    return asked.plus(beyond(asked, granted));
  }
}
