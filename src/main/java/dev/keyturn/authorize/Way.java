package dev.keyturn.authorize;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.CallbackPath;
import dev.keyturn.upstream.Role;
import dev.keyturn.upstream.Upstream;
import java.util.Optional;

/**
 * An upstream as logins go there, and come back from it.
 *
 * @param scopes what is asked for there
 * @param openId whether it speaks OpenID Connect, and so knows {@code prompt}
 * @param posts whether it answers with a form POST
 * @param shared whether others answer at the same path, so that an answer must say whose it is
 */
public record Way(
    Upstream upstream, Role role, Scopes scopes, boolean openId, boolean posts, boolean shared) {
  String name() {
    return upstream.name();
  }

  /**
   * Whether an answer that came to {@code path} may be of a login that was to come back to {@code
   * expected}. An answer of one upstream that is sent to the path of another is a mix-up: whoever
   * redeemed it would show the code of one to the other.
   *
   * @param iss what the answer says of itself
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.4.2">RFC 9700, section 4.4.2</a>
   */
  boolean admits(CallbackPath path, CallbackPath expected, Optional<String> iss) {
    return path.equals(expected) && (!shared || iss.isPresent());
  }
}
