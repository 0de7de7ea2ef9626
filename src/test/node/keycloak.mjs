// Keycloak and oidc-provider as two upstreams of one server: what only providers that others wrote can show.
// `bench/keycloak` unpacks Keycloak and starts this.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { UserAgent } from './lib/agent.mjs';
import { exchange } from './lib/http.mjs';
import { OAuthClient } from './lib/oauth-client.mjs';
import { argumentsOr, expect, reasonOf } from './lib/steps.mjs';

const given = argumentsOr({ keycloak: undefined, jar: undefined, work: undefined, java: 'java', 'keycloak-java': '' });
const PATIENCE = 300_000;
/** A provider is asked for its keys at most so often. */
const KEYS = 31_000;
const ADMIN = { user: 'admin', password: 'keycloak-admin-1' };
const running = [];
const ports = await freePorts(4);
const issuer = `http://127.0.0.1:${ports[0]}`;
const company = `http://127.0.0.1:${ports[1]}`;
const realm = `${company}/realms/staff`;
const hub = `http://127.0.0.1:${ports[2]}`;
const callback = 'http://127.0.0.1:33418/callback';
let complaints = 0;

try {
  await all();
} catch (failure) {
  complaints++;
  say('stopped', { ok: false, reason: reasonOf(failure) });
} finally {
  await Promise.all(running.map((one) => stop(one.process)));
}
say('end', { ok: complaints === 0, failed: complaints });
process.exit(complaints === 0 ? 0 : 1);

async function all() {
  const backends = await startBackends();
  startServer(backends);
  await until(() => get(`${issuer}/.well-known/oauth-authorization-server`), 'the server does not start');
  const client = await OAuthClient.register(`${issuer}/mcp`, callback);

  await step('while Keycloak is not up yet, a login is a page with 503 and Retry-After', async () => {
    const page = await new UserAgent().open((await request(client)).url);
    expect(page.status === 503, `it answers ${page.status}`);
    expect(page.headers['retry-after'], 'it does not say when to come back');
  });

  const keycloak = await startKeycloak();
  let provider = await startHub();
  await step('both are there, and the server finds them by itself', () => until(
    async () => (await new UserAgent().open((await request(client)).url)).status === 200
      && output('server').includes('upstream="hub" ready="true"'),
    'the server does not notice'));

  let session;
  await step('one login: the identity at Keycloak, an account of oidc-provider linked to it', async () => {
    const agent = new UserAgent({ choose: /link it/i });
    session = await connect(client, agent);
    const at = (host) => agent.hops.some((hop) => hop.url.startsWith(host));
    expect(at(realm) && at(hub), 'one of the two was not asked');
  });

  await step('each MCP server is given the token of its own provider', () => bothServe(client, session));

  await step('oidc-provider stops between its login and our question: a page with 503, nothing of it lost', async () => {
    const bob = new UserAgent({ user: 'bob', choose: /link it/i });
    const asked = await request(client);
    const answer = await bob.login(asked.url, `${issuer}/oauth/callback/hub`, { land: false });
    await stop(provider);
    const page = await bob.open(answer);
    expect(page.status === 503, `it answers ${page.status}`);
    expect(page.headers['retry-after'], 'it does not say when to come back');
    expect(/try again/i.test(page.body), 'it does not offer to try again');
    provider = await startHub();
    await setTimeout(KEYS); // It signs by another key now.
    const back = await bob.press(page, /try again/i, callback, { land: false });
    await bothServe(client, await client.redeem(back, asked));
  });

  await step('what oidc-provider has forgotten costs a new login there and nothing else', async () => {
    const elsewhere = await call('/mcp', session.access_token);
    expect(elsewhere.status === 200, `the other MCP server answers ${elsewhere.status}`);
  });

  await step('Keycloak stops there: the login ends with an error that the client knows', async () => {
    const carol = new UserAgent({ user: 'carol', choose: /link it/i });
    const asked = await request(client);
    const answer = await carol.login(asked.url, `${issuer}/oauth/callback`, { land: false });
    await stop(keycloak.process);
    const told = new URL(await carol.login(answer, callback, { land: false }));
    expect(told.searchParams.get('error') === 'temporarily_unavailable', `the client was told ${told.search}`);
    expect(told.searchParams.get('state') === asked.state, 'the state is another one');
  });

  // From here on it is bob: what oidc-provider knew of alice went with its first process.
  const bob = () => new UserAgent({ user: 'bob', choose: /link it/i });
  await startKeycloak();
  await step('Keycloak is back, and the next login goes on without oidc-provider', async () => {
    const agent = bob();
    session = await until(() => connect(client, agent), 'nobody can log in');
    await bothServe(client, session);
    expect(!agent.hops.some((hop) => hop.url.startsWith(hub)), 'oidc-provider was asked although bob is linked');
  });

  await step('Keycloak signs by another key from now on, and logins go on', async () => {
    const before = await signingKey();
    await admin('POST', '/components', {
      name: 'newer', providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider',
      config: { priority: ['1000'], enabled: ['true'], active: ['true'], algorithm: ['RS256'], keySize: ['2048'] },
    });
    const after = await signingKey();
    expect(after !== before, 'Keycloak goes on with the old key');
    await setTimeout(KEYS);
    await bothServe(client, await connect(client, bob()));
  });

  await step('the old key is taken away, and logins go on', async () => {
    const components = await admin('GET', '/components?type=org.keycloak.keys.KeyProvider');
    for (const { id, name, providerId } of components) {
      if (providerId.startsWith('rsa') && name !== 'newer') await admin('DELETE', `/components/${id}`);
    }
    session = await connect(client, bob());
    await bothServe(client, session);
  });

  await step('an administrator logs bob out: Keycloak says so, and his sessions end', async () => {
    const [person] = await admin('GET', '/users?username=bob&exact=true');
    await admin('POST', `/users/${person.id}/logout`);
    await until(async () => (await call('/mcp', session.access_token)).status === 401, 'the session goes on');
    const refused = await token({ grant_type: 'refresh_token', refresh_token: session.refresh_token }, client);
    expect(refused.error === 'invalid_grant', `its refresh token is answered ${JSON.stringify(Object.keys(refused))}`);
    expect(output('server').includes('upstream_logout'), 'no event says why');
  });

  await step('he logs in anew, and both MCP servers serve', async () => bothServe(client, await connect(client, bob())));
}

/** Prints how it went, and goes on where it did not. */
async function step(name, what) {
  const began = performance.now();
  try {
    await what();
    say(name, { ok: true, ms: Math.round(performance.now() - began) });
  } catch (failure) {
    complaints++;
    say(name, { ok: false, reason: reasonOf(failure) });
  }
}

function say(name, facts) {
  console.log(JSON.stringify({ step: name, ...facts }));
}

/** For both MCP servers. */
async function request(client) {
  const asked = await client.request({ scope: 'openid mcp:tools offline_access' });
  const url = new URL(asked.url);
  url.searchParams.append('resource', `${issuer}/tools`);
  return { ...asked, url: url.href };
}

async function connect(client, agent) {
  const asked = await request(client);
  return client.redeem(await agent.login(asked.url, callback, { land: false }), asked);
}

async function bothServe(client, tokens) {
  const first = await call('/mcp', tokens.access_token);
  expect(first.status === 200 && first.said.iss === 'company', `/mcp answers ${first.status} ${JSON.stringify(first.said)}`);
  const other = await token(
    { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, resource: `${issuer}/tools` }, client);
  expect(other.access_token, `no token for the other MCP server: ${other.error}`);
  Object.assign(tokens, { refresh_token: other.refresh_token });
  const second = await call('/tools', other.access_token);
  expect(second.status === 200 && second.said.iss === 'hub', `/tools answers ${second.status} ${JSON.stringify(second.said)}`);
}

async function token(parameters, client) {
  const body = String(new URLSearchParams({ client_id: client.client.client_id, ...parameters }));
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return JSON.parse((await exchange('POST', `${issuer}/oauth/token`, { headers, body })).body);
}

async function call(path, accessToken) {
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', accept: 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
  const answer = await exchange('POST', issuer + path, { headers, body });
  return { status: answer.status, said: answer.status === 200 ? JSON.parse(answer.body) : {} };
}

/** Two MCP servers that ask the provider of theirs whose token it is. */
async function startBackends() {
  const userinfo = { company: `${realm}/protocol/openid-connect/userinfo`, hub: `${hub}/me` };
  const server = http.createServer(async (asked, answer) => {
    const name = asked.url.slice(1);
    const { authorization } = asked.headers;
    const who = await exchange('GET', userinfo[name], { headers: { authorization, 'user-agent': 'keycloak.mjs' } })
      .catch(() => ({ status: 503 }));
    answer.writeHead(who.status === 200 ? 200 : 500, { 'content-type': 'application/json' });
    answer.end(JSON.stringify({ iss: name, status: who.status }));
  });
  await new Promise((listening) => server.listen(ports[3], '127.0.0.1', listening));
  return `http://127.0.0.1:${ports[3]}`;
}

function startServer(backends) {
  const folder = join(given.work, 'server');
  mkdirSync(folder);
  writeFileSync(join(folder, 'hmac'), 'h'.repeat(48));
  writeFileSync(join(folder, 'secret'), 'upstream-secret');
  writeFileSync(join(folder, 'keyturn.yaml'), `
issuer: ${issuer}
rate_limits: {enabled: false}
server: {host: 127.0.0.1, port: ${ports[0]}, management_port: 0}
storage: {type: memory}
hmac_secret_files: [hmac]
scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
upstreams:
  - name: company
    type: oidc
    oidc_config: {issuer_url: "${realm}", client_id: keyturn, client_secret_file: secret, scopes: [openid, profile, email]}
  - name: hub
    type: oidc
    oidc_config: {issuer_url: "${hub}", client_id: keyturn, client_secret_file: secret, scopes: [openid, profile, email]}
gateway:
  backends:
    - {path: /mcp, url: "${backends}/company", scopes: ["mcp:tools"]}
    - {path: /tools, url: "${backends}/hub", scopes: ["mcp:tools"], outgoing: {provider: hub}}
`);
  start('server', given.java, ['-jar', given.jar, 'serve', '--config', 'keyturn.yaml'], { cwd: folder });
}

/** The realm is written once; a second start finds it in Keycloak's own files. */
async function startKeycloak() {
  const data = join(given.keycloak, 'data', 'import');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'staff-realm.json'), JSON.stringify(staff()));
  const environment = {
    ...process.env,
    ...(given['keycloak-java'] && { JAVA_HOME: given['keycloak-java'] }),
    KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.user,
    KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
    JAVA_OPTS_APPEND: '-Xmx512m',
  };
  const started = start('keycloak', join(given.keycloak, 'bin', 'kc.sh'), [
    'start-dev', '--import-realm', '--http-host=127.0.0.1', `--http-port=${ports[1]}`, '--http-management-scheme=inherited', '--health-enabled=false',
  ], { env: environment, detached: true });
  await until(() => get(`${realm}/.well-known/openid-configuration`), 'Keycloak does not start');
  return started;
}

function staff() {
  const person = (username) => ({
    username, enabled: true, emailVerified: true, email: `${username}@example.com`,
    firstName: username, lastName: 'Liddell', credentials: [{ type: 'password', value: 'wonderland' }],
  });
  return {
    realm: 'staff',
    enabled: true,
    sslRequired: 'none',
    users: ['alice', 'bob', 'carol'].map(person),
    clients: [{
      clientId: 'keyturn',
      secret: 'upstream-secret',
      redirectUris: [`${issuer}/oauth/callback`],
      directAccessGrantsEnabled: true,
      attributes: {
        'backchannel.logout.url': `${issuer}/oauth/backchannel-logout`,
        'backchannel.logout.session.required': 'true',
      },
    }],
  };
}

async function startHub() {
  const started = start('hub', process.execPath, [
    join(import.meta.dirname, 'oidc-provider.mjs'), '--port', String(ports[2]), '--refresh', 'always',
    '--redirect-uri', `${issuer}/oauth/callback/hub`,
  ]);
  await until(() => get(`${hub}/.well-known/openid-configuration`), 'oidc-provider does not start');
  return started.process;
}


/** Asks Keycloak's administration of the realm, with a token of each question's own: they live for a minute. */
async function admin(method, path, json) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = String(new URLSearchParams({
    grant_type: 'password', client_id: 'admin-cli', username: ADMIN.user, password: ADMIN.password,
  }));
  const answer = await exchange('POST', `${company}/realms/master/protocol/openid-connect/token`, { headers, body });
  expect(answer.status === 200, `the administrator is not let in: ${answer.status}`);
  const authorization = `Bearer ${JSON.parse(answer.body).access_token}`;
  const sent = json === undefined ? undefined : JSON.stringify(json);
  const said = await exchange(method, `${company}/admin/realms/staff${path}`, {
    headers: { authorization, ...(sent && { 'content-type': 'application/json' }) }, body: sent });
  expect(said.status < 300, `${method} ${path} is answered ${said.status} ${said.body}`);
  return said.body ? JSON.parse(said.body) : undefined;
}

async function signingKey() {
  const { active } = await admin('GET', '/keys');
  return active.RS256;
}

function start(name, command, parameters, options = {}) {
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const started = { name, process: child, lines: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => { started.lines += part; });
  child.group = options.detached === true;
  running.push(started);
  return started;
}

function output(name) {
  return running.filter((one) => one.name === name).map((one) => one.lines).join('');
}

/** By SIGTERM, and by force where that takes too long. A script is stopped with what it has started. */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((end) => child.on('exit', end));
  const signal = (name) => {
    try {
      if (child.group) process.kill(-child.pid, name);
      else child.kill(name);
    } catch {
      // It has just ended.
    }
  };
  signal('SIGTERM');
  await Promise.race([ended, setTimeout(30_000).then(() => signal('SIGKILL'))]);
  await ended;
}

async function get(url) {
  return exchange('GET', url, { timeout: 5_000 }).then((answer) => answer.status === 200, () => false);
}

/** What it comes to, once that is something; until then it may fail, too. */
async function until(what, otherwise) {
  const end = performance.now() + PATIENCE;
  let last = '';
  while (performance.now() < end) {
    const dead = running.find(({ process: child, name }) => name === 'server' && child.exitCode !== null);
    expect(!dead, `the server has ended: ${output('server').slice(-2000)}`);
    try {
      const came = await what();
      if (came) return came;
    } catch (failure) {
      last = reasonOf(failure);
    }
    await setTimeout(500);
  }
  throw new Error(`${otherwise}: ${last}`);
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer());
  await Promise.all(servers.map((server) => new Promise((listening) => server.listen(0, '127.0.0.1', listening))));
  const found = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return found;
}
