package dev.keyturn.upstream;

import java.util.Optional;

/**
 * What a provider's logout token says, after all of it was judged.
 *
 * @param id the {@code jti}, which is good for one time
 * @param session the login that has ended there; empty: all of the person's
 * @param subject whom it is about, as our {@code sub} for somebody who logged in there first
 * @param account the provider's own subject
 * @see <a href="https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken">OpenID
 *     Connect Back-Channel Logout, section 2.4</a>
 */
public record LogoutNotice(
    String issuer,
    String id,
    Optional<ProviderSession> session,
    Optional<String> subject,
    Optional<String> account) {
  /** Names nobody. */
  @Override
  public String toString() {
    return "LogoutNotice[" + issuer + "]";
  }
}
