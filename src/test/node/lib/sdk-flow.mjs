import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { UserAgent } from './agent.mjs';
import { Callback } from './callback.mjs';
import { argumentsOr, expect, step } from './steps.mjs';

/**
 * What a person sees of an SDK client: connect, log in, use both tools, and never log in again.
 *
 * @param sdk `{Client, Transport, UnauthorizedError, finish(transport, params)}` of one SDK line
 */
export async function exercise(sdk) {
  const given = argumentsOr({ mcp: undefined, user: 'alice', password: 'wonderland', whoami: '', refreshes: '2', until: '' });
  const callback = await Callback.listen();
  try {
    const provider = new MemoryProvider(callback.url);
    await logIn(sdk, given, provider, callback);
    const session = await connect(sdk, given, provider);
    await useTools(session, given);
    for (let i = 1; i <= Number(given.refreshes); i++) await refresh(session, provider, i);
    if (given.until) await logInAgain(sdk, given, session, provider, callback);
    await session.transport.terminateSession();
    await session.client.close();
  } finally {
    callback.close();
  }
}

async function logIn(sdk, given, provider, callback) {
  const { client, transport } = open(sdk, given, provider);
  const refused = await client.connect(transport).then(() => undefined, (failure) => failure);
  expect(refused, 'the server let a client without a token in');
  if (!(refused instanceof sdk.UnauthorizedError)) throw refused;
  const request = provider.authorization.searchParams;
  expect(provider.client, 'no client was registered');
  step('unauthorized', { authorize: address(provider.authorization), scope: request.get('scope'), resource: request.get('resource') });

  const agent = new UserAgent(given);
  const arrived = await agent.login(provider.authorization, callback.url).then(() => callback.next());
  const answer = arrived.searchParams;
  expect(!answer.has('error'), `the login ended with ${answer.get('error')}: ${answer.get('error_description')}`);
  expect(answer.get('state') === provider.expectedState, 'the callback does not carry the state of the request');
  expect(answer.has('iss'), 'the callback does not name its issuer');
  expect(answer.get('iss') === provider.discovery.authorizationServerMetadata.issuer, `the callback's iss is ${answer.get('iss')}`);
  step('logged-in', { requests: agent.hops.length, iss: answer.get('iss') });

  await sdk.finish(transport, answer);
  expect(provider.held?.access_token, 'no access token was issued');
  expect(provider.held.refresh_token, 'no refresh token was issued');
  step('tokens', { token_type: provider.held.token_type, expires_in: provider.held.expires_in, scope: provider.held.scope });
}

async function connect(sdk, given, provider) {
  const session = open(sdk, given, provider);
  await session.client.connect(session.transport);
  step('connected', { server: session.client.getServerVersion()?.name });
  return session;
}

async function useTools(session, given) {
  const { tools } = await session.client.listTools();
  const names = tools.map((tool) => tool.name);
  expect(names.includes('whoami') && names.includes('greet'), `the tools are ${names.join(', ') || 'none'}`);
  step('tools', { names });
  const expected = given.whoami || given.user;
  for (const tool of tools.filter(({ name }) => name === 'whoami' || name === 'greet')) {
    const said = await call(session, tool);
    if (tool.name === 'whoami') {
      expect(said.toLowerCase().includes(expected.toLowerCase()), `whoami does not know ${expected}, it says: ${said}`);
      session.whoami = { tool, said };
    }
    step('called', { tool: tool.name, said });
  }
}

// An access token that is garbage is what an expired one is to a client: the SDK has to notice the 401 and refresh.
async function refresh(session, provider, round) {
  const old = provider.held;
  const logins = provider.logins;
  provider.held = { ...old, access_token: 'garbage' };
  const said = await call(session, session.whoami.tool);
  expect(said === session.whoami.said, `after refresh ${round} whoami says: ${said}`);
  expect(provider.logins === logins, `refresh ${round} started a new login`);
  expect(provider.held.access_token !== 'garbage' && provider.held.access_token !== old.access_token,
    `refresh ${round} brought no new access token`);
  expect(provider.held.refresh_token !== old.refresh_token, `refresh ${round} did not rotate the refresh token`);
  step('refreshed', { round, rotated: true, said });
}

// From when the file is there, the login at the provider is gone: the SDK has to come to a new one by itself.
async function logInAgain(sdk, given, session, provider, callback) {
  step('waiting');
  while (!existsSync(given.until)) await setTimeout(100);
  const logins = provider.logins;
  const refused = await call(session, session.whoami.tool).then(() => undefined, (failure) => failure);
  expect(refused, 'a login that is gone still opens the tools');
  if (!(refused instanceof sdk.UnauthorizedError)) throw refused;
  expect(provider.logins === logins + 1, 'no new login was started');
  step('asked-to-log-in');

  const agent = new UserAgent(given);
  const arrived = await agent.login(provider.authorization, callback.url).then(() => callback.next());
  expect(!arrived.searchParams.has('error'), `the login ended with ${arrived.searchParams.get('error')}`);
  await sdk.finish(session.transport, arrived.searchParams);
  const again = await connect(sdk, given, provider);
  const said = await call(again, session.whoami.tool);
  const expected = given.whoami || given.user;
  expect(said.toLowerCase().includes(expected.toLowerCase()), `after the new login whoami says: ${said}`);
  step('logged-in-again', { said });
}

async function call({ client }, tool) {
  const result = await client.callTool({ name: tool.name, arguments: argumentsFor(tool.inputSchema) });
  const said = (result.content ?? []).map((part) => part.text ?? '').join(' ');
  expect(!result.isError, `${tool.name} failed: ${said}`);
  expect(said !== '', `${tool.name} said nothing`);
  return said;
}

function argumentsFor({ properties = {}, required = [] }) {
  return Object.fromEntries(required.map((name) => [name, properties[name]?.type === 'string' ? 'World' : 1]));
}

function open(sdk, given, provider) {
  const client = new sdk.Client({ name: 'keyturn-clients', version: '1.0.0' });
  const transport = new sdk.Transport(new URL(given.mcp), { authProvider: provider });
  return { client, transport };
}

function address(url) {
  return url.origin + url.pathname;
}

/** An OAuth client's memory, in the shape that both SDK lines ask for. */
class MemoryProvider {
  logins = 0;

  constructor(redirectUrl) {
    this.redirectUrl = redirectUrl;
    this.expectedState = randomBytes(16).toString('base64url');
  }

  get clientMetadata() {
    return {
      client_name: 'Keyturn client tests',
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  state() { return this.expectedState; }

  clientInformation() { return this.client; }

  saveClientInformation(client) { this.client = client; }

  tokens() { return this.held; }

  saveTokens(tokens) { this.held = tokens; }

  redirectToAuthorization(url) {
    this.authorization = url;
    this.logins++;
  }

  saveCodeVerifier(verifier) { this.verifier = verifier; }

  codeVerifier() { return this.verifier; }

  saveDiscoveryState(state) { this.discovery = state; }

  discoveryState() { return this.discovery; }

  invalidateCredentials(scope) {
    if (scope === 'all' || scope === 'tokens') this.held = undefined;
    if (scope === 'all' || scope === 'client') this.client = undefined;
    if (scope === 'all' || scope === 'discovery') this.discovery = undefined;
  }
}
