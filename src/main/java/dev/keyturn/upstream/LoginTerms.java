package dev.keyturn.upstream;

import dev.keyturn.oauth.Scopes;

/**
 * What a login at an identity provider was begun with and must be finished with, whatever the
 * configuration says by then.
 *
 * <p>A provider redeems a code only for the client and the redirect URI of the authorization
 * request. And a code must never be sent to another provider than the one that issued it.
 *
 * @param issuer the provider: the configured issuer, or the URL of the token endpoint
 * @param scopes what was asked for, which is what was granted where the provider does not say
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3">RFC 6749, section 4.1.3</a>
 */
public record LoginTerms(String issuer, String clientId, String redirectUri, Scopes scopes) {
  /** The terms of a login that begins now. */
  static LoginTerms of(UpstreamConfig config) {
    var registration = config.registration();
    return new LoginTerms(
        config.issuedBy(),
        registration.clientId(),
        registration.redirectUri(),
        registration.scopes());
  }
}
