package dev.keyturn.upstream;

/**
 * A login as its provider names it, in ID tokens and in logout tokens.
 *
 * @param id the {@code sid}
 * @see <a
 *     href="https://openid.net/specs/openid-connect-backchannel-1_0.html#TokenValidation">OpenID
 *     Connect Back-Channel Logout, section 2.1</a>
 */
public record ProviderSession(String issuer, String id) {
  /** Tells the issuer only: who knows the other can recognise a person. */
  @Override
  public String toString() {
    return "ProviderSession[" + issuer + "]";
  }
}
