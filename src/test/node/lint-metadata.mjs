// The strictest readers of our answers: oauth4webapi reads the documents, openid-client lives through a session.
import { isDeepStrictEqual } from 'node:util';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { UserAgent } from './lib/agent.mjs';
import { discover, ON_LOOPBACK } from './lib/oauth-client.mjs';
import { argumentsOr, expect, run, step } from './lib/steps.mjs';

const CALLBACK = 'http://127.0.0.1:9/callback';
const given = argumentsOr({ mcp: undefined, user: 'alice', password: 'wonderland', grace: 'on' });

await run(async () => {
  const resource = await readResource();
  await readChallenges(resource);
  const as = await readServer(resource.authorization_servers[0], resource);
  await readRefusals(as);
  for (const algorithm of ['oidc', 'oauth2']) await live(algorithm, as, resource);
});

async function readResource() {
  const url = new URL(given.mcp);
  const answer = await oauth.resourceDiscoveryRequest(url, ON_LOOPBACK);
  await judgeDocument(answer.clone());
  const resource = await oauth.processResourceDiscoveryResponse(url, answer);
  expect(resource.authorization_servers?.length === 1, 'the protected resource does not name one authorization server');
  expect(resource.bearer_methods_supported?.join() === 'header', 'bearer_methods_supported is not just header');
  expect(!resource.scopes_supported?.includes('offline_access'), 'offline_access is no scope of a resource');
  step('resource', { resource: resource.resource, scopes: resource.scopes_supported });
  return resource;
}

async function readChallenges(resource) {
  const url = new URL(given.mcp);
  const wellKnown = new URL(`/.well-known/oauth-protected-resource${url.pathname}`, url).href;
  for (const token of [undefined, 'garbage']) {
    const challenge = await challengeFor(url, token);
    expect(challenge.scheme === 'bearer', `the challenge is ${challenge.scheme}, not Bearer`);
    const { resource_metadata: metadata, error } = challenge.parameters;
    expect(metadata === wellKnown, `resource_metadata is ${metadata}, not ${wellKnown}`);
    const expected = token && 'invalid_token';
    expect(error === expected, `the challenge for ${token ? 'a wrong' : 'no'} token says error=${error}`);
  }
  step('challenges', { resource_metadata: wellKnown, resource: resource.resource });
}

async function challengeFor(url, token) {
  const answer = token
    ? await oauth.protectedResourceRequest(token, 'POST', url, new Headers(), undefined, ON_LOOPBACK).catch((failure) => failure)
    : await fetch(url, { method: 'POST' }).then((response) => oauth.processUserInfoResponse({ issuer: url.href }, { client_id: '-' },
      oauth.skipSubjectCheck, response)).catch((failure) => failure);
  expect(answer instanceof oauth.WWWAuthenticateChallengeError, `a ${token ? 'wrong' : 'missing'} token is not answered with a challenge`);
  expect(answer.status === 401, `a ${token ? 'wrong' : 'missing'} token is answered with ${answer.status}`);
  return answer.cause[0];
}

async function readServer(issuer, resource) {
  const [oauth2, oidc] = await Promise.all([discover(issuer, 'oauth2'), discover(issuer, 'oidc')]);
  expect(isDeepStrictEqual(oauth2, oidc), 'the two metadata documents differ');
  expect(oauth2.issuer === issuer, `the issuer is ${oauth2.issuer}, the resource names ${issuer}`);
  for (const address of wellKnowns(issuer)) await judgeDocument(await fetch(address, { headers: { origin: 'https://client.example' } }));
  const [inserted] = wellKnowns(issuer);
  const foreign = await fetch(`${inserted}/not-the-issuer`);
  expect(foreign.status === 404, `${inserted}/not-the-issuer answers ${foreign.status}, not 404`);
  expect(oauth2.code_challenge_methods_supported?.join() === 'S256', 'code_challenge_methods_supported is not just S256');
  expect(oauth2.response_types_supported?.join() === 'code', 'response_types_supported is not just code');
  expect(oauth2.authorization_response_iss_parameter_supported === true, 'iss in answers is not announced');
  expect(oauth2.token_endpoint_auth_methods_supported?.includes('none'), 'public clients are not announced');
  expect(['authorization_code', 'refresh_token'].every((grant) => oauth2.grant_types_supported?.includes(grant)), 'a grant is not announced');
  const scopes = ['offline_access', ...(resource.scopes_supported ?? [])];
  expect(scopes.every((scope) => oauth2.scopes_supported?.includes(scope)), `scopes_supported lacks some of ${scopes.join(' ')}`);
  const keys = await fetch(oauth2.jwks_uri).then((response) => response.json());
  expect(keys.keys.length > 0 && keys.keys.every((key) => key.kid && !('d' in key)), 'the key set is empty, nameless or private');
  step('metadata', { issuer, members: Object.keys(oauth2).length, keys: keys.keys.length });
  return oauth2;
}

function wellKnowns(issuer) {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [`${origin}/.well-known/oauth-authorization-server${path}`, `${origin}${path}/.well-known/openid-configuration`];
}

async function judgeDocument(answer) {
  const where = new URL(answer.url).pathname;
  expect(answer.status === 200, `${where} answers ${answer.status}`);
  expect(/^application\/json\b/.test(answer.headers.get('content-type') ?? ''), `${where} is ${answer.headers.get('content-type')}`);
  expect(answer.headers.get('x-content-type-options') === 'nosniff', `${where} lacks X-Content-Type-Options`);
  expect(answer.headers.has('access-control-allow-origin'), `${where} cannot be read by a client in a browser`);
  expect(!/:\s*null\b/.test(await answer.text()), `${where} has a null`);
}

// Refusals must be readable: JSON, a registered error name, the right status.
async function readRefusals(as) {
  const nobody = { client_id: 'nobody' };
  const parameters = oauth.validateAuthResponse(as, nobody, new URLSearchParams({ code: 'x', state: 's', iss: as.issuer }), 's');
  const answer = await oauth.authorizationCodeGrantRequest(as, nobody, oauth.None(), parameters, CALLBACK, 'v'.repeat(43), ON_LOOPBACK);
  const refusal = await oauth.processAuthorizationCodeResponse(as, nobody, answer).catch((failure) => failure);
  expect(refusal.error === 'invalid_client' && refusal.status === 401, `an unknown client is answered ${refusal.status} ${refusal.error}`);
  const stranger = { redirect_uris: ['http://stranger.example/callback'], application_type: 'native', token_endpoint_auth_method: 'none' };
  const registration = await oauth.dynamicClientRegistrationRequest(as, stranger, ON_LOOPBACK);
  const denied = await oauth.processDynamicClientRegistrationResponse(registration).catch((failure) => failure);
  expect(denied.error === 'invalid_redirect_uri' && denied.status === 400, `a plain http redirect is answered ${denied.status} ${denied.error}`);
  step('refusals');
}

async function live(algorithm, as, resource) {
  const config = await client.dynamicClientRegistration(new URL(as.issuer), {
    client_name: `Keyturn lint ${algorithm}`,
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  }, client.None(), { algorithm, execute: [client.allowInsecureRequests] });
  const tokens = await logIn(config, as, resource);
  const claims = tokens.claims();
  const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  await judgeAccessToken(as, resource, tokens.access_token);
  step(`${algorithm}-login`, { sub: claims.sub, userinfo: Object.keys(person), id_token: Object.keys(claims) });
  await useRefreshTokens(config, resource, tokens.refresh_token);
  step(`${algorithm}-refresh`, { rotated: true, reuse: 'invalid_grant' });
  const pushed = await logIn(config, as, resource, client.buildAuthorizationUrlWithPAR);
  step(`${algorithm}-pushed`, { sub: pushed.claims().sub });
  if (as.revocation_endpoint) {
    const { refresh_token: ended } = await logIn(config, as, resource);
    await client.tokenRevocation(config, ended);
    await refusesRefresh(config, resource, ended, 'a revoked refresh token');
    step(`${algorithm}-revocation`);
  }
}

async function logIn(config, as, resource, build = client.buildAuthorizationUrl) {
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const request = {
    redirect_uri: CALLBACK,
    scope: ['openid', 'offline_access', ...(resource.scopes_supported ?? [])].join(' '),
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource: resource.resource,
    prompt: 'consent',
    state,
    nonce,
  };
  const start = await build(config, request);
  const answer = await new UserAgent(given).login(start, CALLBACK, { land: false });
  const tokens = await client.authorizationCodeGrant(config, answer,
    { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }, { resource: resource.resource });
  expect(tokens.refresh_token, 'no refresh token was issued');
  expect(Number.isInteger(tokens.expires_in), 'expires_in is missing');
  return tokens;
}

// RFC 9068, as a resource server that we did not write would check it.
async function judgeAccessToken(as, resource, token) {
  const request = new Request(given.mcp, { headers: { authorization: `Bearer ${token}` } });
  const claims = await oauth.validateJwtAccessToken(as, request, resource.resource, ON_LOOPBACK);
  expect(claims.aud === resource.resource || isDeepStrictEqual(claims.aud, [resource.resource]), 'the audience is not the resource alone');
}

async function useRefreshTokens(config, resource, first) {
  const refresh = (token) => client.refreshTokenGrant(config, token, { resource: resource.resource });
  const second = (await refresh(first)).refresh_token;
  const third = (await refresh(second)).refresh_token;
  expect(new Set([first, second, third]).size === 3, 'refresh tokens do not rotate');
  if (given.grace === 'on') {
    const again = (await refresh(second).catch(() => ({}))).refresh_token;
    expect(again === third, 'the previous refresh token, tried again at once, does not bring the same successor');
  }
  await refusesRefresh(config, resource, first, 'an old refresh token');
  await refusesRefresh(config, resource, third, 'the refresh token of a family that was replayed');
}

async function refusesRefresh(config, resource, token, what) {
  const refusal = await client.refreshTokenGrant(config, token, { resource: resource.resource }).catch((failure) => failure);
  expect(refusal.error === 'invalid_grant', `${what} is answered ${refusal.error ?? 'with tokens'}`);
}
