import * as oauth from 'oauth4webapi';
import { expect } from './steps.mjs';

/** oauth4webapi refuses plain http unless told otherwise; the tests live on loopback. */
export const ON_LOOPBACK = { [oauth.allowInsecureRequests]: true };

/** A public OAuth client that found its authorization server from the MCP URL and registered there. */
export class OAuthClient {
  constructor(resource, as, client, redirectUri) {
    Object.assign(this, { resource, as, client, redirectUri });
  }

  static async register(mcp, redirectUri, name = 'Keyturn client tests') {
    const url = new URL(mcp);
    const resource = await oauth.processResourceDiscoveryResponse(url, await oauth.resourceDiscoveryRequest(url, ON_LOOPBACK));
    expect(resource.authorization_servers?.length > 0, 'the protected resource names no authorization server');
    const as = await discover(resource.authorization_servers[0], 'oauth2');
    const client = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(as, {
        client_name: name,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      }, ON_LOOPBACK));
    return new OAuthClient(resource, as, client, redirectUri);
  }

  /** A new authorization request: where to send the person, and what to check afterwards. */
  async request(more = {}) {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(this.as.authorization_endpoint);
    const parameters = {
      response_type: 'code',
      client_id: this.client.client_id,
      redirect_uri: this.redirectUri,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      resource: this.resource.resource,
      ...(this.resource.scopes_supported && { scope: this.resource.scopes_supported.join(' ') }),
      ...more,
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url: url.href, state, verifier };
  }

  /** Checks state and issuer of the answer at the callback and trades its code for tokens. */
  async redeem(answer, { state, verifier }) {
    const parameters = oauth.validateAuthResponse(this.as, this.client, new URL(answer), state);
    const response = await oauth.authorizationCodeGrantRequest(
      this.as, this.client, oauth.None(), parameters, this.redirectUri, verifier,
      { ...ON_LOOPBACK, additionalParameters: { resource: this.resource.resource } });
    return oauth.processAuthorizationCodeResponse(this.as, this.client, response);
  }

  /** Checks that the answer refuses with `error`, for this request, from this issuer. */
  refused(answer, { state }, error) {
    const { searchParams } = new URL(answer);
    expect(searchParams.get('error') === error, `the client was told ${searchParams.get('error')}, not ${error}`);
    expect(!searchParams.has('code'), 'a refusal carries a code');
    expect(searchParams.get('state') === state, 'a refusal does not carry the state');
    expect(searchParams.get('iss') === this.as.issuer, `a refusal's iss is ${searchParams.get('iss')}`);
  }
}

/** The metadata of `issuer`, by RFC 8414 (`oauth2`) or by OpenID Connect Discovery (`oidc`). */
export async function discover(issuer, algorithm) {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { ...ON_LOOPBACK, algorithm }));
}
