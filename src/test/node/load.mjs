// Many people log in at once while event streams stay open: not one of them may fail.
import http from 'node:http';
import { UserAgent } from './lib/agent.mjs';
import { exchange } from './lib/http.mjs';
import { OAuthClient } from './lib/oauth-client.mjs';
import { argumentsOr, expect, reasonOf, run, step } from './lib/steps.mjs';

const CALLBACK = 'http://127.0.0.1:9/callback';
const given = argumentsOr({ mcp: undefined, user: 'alice', password: 'wonderland', whoami: '', logins: '200', concurrency: '', streams: '50', warmup: '40' });
const logins = Number(given.logins);
const pool = new http.Agent({ keepAlive: true, maxSockets: Infinity, scheduling: 'fifo' });

await run(async () => {
  const client = await OAuthClient.register(given.mcp, CALLBACK, 'Keyturn load test');
  const { token } = await logIn(client);
  const streams = await Promise.all(Array.from({ length: Number(given.streams) }, () => openStream(token)));
  step('streams', { opened: streams.length });

  // A JVM that has just started compiles while it serves: that is not what is shown here.
  const warm = await inParallel(Number(given.warmup), 4, () => whole(client));
  expect(warm.every((result) => !result.failure), `a login failed: ${warm.find((result) => result.failure)?.failure}`);
  step('warm', { logins: warm.length });

  const results = await inParallel(logins, Number(given.concurrency) || logins, () => whole(client));
  const failures = results.filter((result) => result.failure);
  const held = streams.filter((stream) => !stream.ended).length;
  streams.forEach((stream) => stream.close());
  report(results.filter((result) => !result.failure), failures);
  step('streams-held', { open: held });
  expect(failures.length === 0, `${failures.length} of ${logins} logins failed`);
  expect(held === streams.length, `${streams.length - held} of ${streams.length} streams ended: ${streams.find((s) => s.ended)?.ended}`);
});

async function whole(client) {
  const times = [performance.now()];
  const lap = () => times.push(performance.now());
  try {
    const { token } = await logIn(client, lap);
    lap();
    const { session } = await initialize(token);
    const said = await rpc(token, session, 'tools/call', { name: 'whoami', arguments: {} });
    const text = JSON.stringify(said.result?.content ?? said).toLowerCase();
    expect(text.includes((given.whoami || given.user).toLowerCase()), `whoami says ${text.slice(0, 200)}`);
    lap();
    return { login: times[1] - times[0], token: times[2] - times[1], call: times[3] - times[2], whole: times[3] - times[0] };
  } catch (failure) {
    return { failure: reasonOf(failure) };
  }
}

// A person of its own each time: no cookie and no connection state is shared but the pool.
async function logIn(client, lap = () => {}) {
  const request = await client.request();
  const agent = new UserAgent({ ...given, httpAgent: pool });
  const answer = await agent.login(request.url, CALLBACK, { land: false });
  lap();
  const { searchParams } = answer;
  expect(searchParams.get('state') === request.state, 'the state is another');
  expect(searchParams.has('code'), `the client was told ${searchParams.get('error')}`);
  const tokens = await exchange('POST', client.as.token_endpoint, {
    agent: pool,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: String(new URLSearchParams({
      grant_type: 'authorization_code',
      code: searchParams.get('code'),
      code_verifier: request.verifier,
      redirect_uri: CALLBACK,
      client_id: client.client.client_id,
      resource: client.resource.resource,
    })),
  });
  expect(tokens.status === 200, `the token endpoint answers ${tokens.status}`);
  return { token: JSON.parse(tokens.body).access_token };
}

async function initialize(token) {
  const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'load', version: '1.0.0' } };
  const { headers } = await rpc(token, undefined, 'initialize', hello);
  const session = headers['mcp-session-id'];
  await rpc(token, session, 'notifications/initialized');
  return { session };
}

async function rpc(token, session, method, params) {
  const isNotification = method.startsWith('notifications/');
  const message = { jsonrpc: '2.0', ...(!isNotification && { id: 1 }), method, ...(params && { params }) };
  const answer = await exchange('POST', given.mcp, {
    agent: pool,
    headers: { ...mcpHeaders(token, session), 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(message),
  });
  expect(answer.status === 200 || (isNotification && answer.status === 202), `${method} is answered ${answer.status}: ${answer.body.slice(0, 200)}`);
  return { headers: answer.headers, ...(isNotification ? {} : read(answer)) };
}

function read({ headers, body }) {
  if (!headers['content-type']?.startsWith('text/event-stream')) return JSON.parse(body);
  const data = body.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim()).filter(Boolean);
  return JSON.parse(data.at(-1));
}

async function openStream(token) {
  const { session } = await initialize(token);
  const stream = {};
  await new Promise((opened, failed) => {
    const headers = { ...mcpHeaders(token, session), accept: 'text/event-stream' };
    const sent = http.request(given.mcp, { method: 'GET', headers, agent: false }, (answer) => {
      const type = answer.headers['content-type'] ?? '';
      if (answer.statusCode !== 200 || !type.startsWith('text/event-stream')) {
        failed(new Error(`a stream is answered ${answer.statusCode} ${type}`));
      }
      answer.resume();
      answer.on('close', () => { stream.ended ??= 'closed by the server'; });
      answer.on('error', (failure) => { stream.ended ??= failure.message; });
      stream.close = () => { stream.ended ??= 'closed here'; sent.destroy(); };
      opened();
    });
    sent.setTimeout(120_000, () => failed(new Error('the head of a stream did not come in 120 s')));
    sent.on('error', failed);
    sent.end();
  });
  return stream;
}

function mcpHeaders(token, session) {
  return { authorization: `Bearer ${token}`, 'mcp-protocol-version': '2025-06-18', ...(session && { 'mcp-session-id': session }) };
}

async function inParallel(count, width, task) {
  const results = [];
  let begun = 0;
  const worker = async () => {
    while (begun++ < count) results.push(await task());
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
  return results;
}

function report(results, failures) {
  const reasons = {};
  for (const { failure } of failures) reasons[failure] = (reasons[failure] ?? 0) + 1;
  const legs = Object.fromEntries(['login', 'token', 'call', 'whole'].map((leg) => [leg, spread(results.map((result) => result[leg]))]));
  step('logins', { ok: results.length, failed: failures.length, ...(failures.length && { reasons }), ...legs });
}

function spread(values) {
  const sorted = values.sort((a, b) => a - b).map(Math.round);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { median_ms: at(0.5), p95_ms: at(0.95), worst_ms: sorted.at(-1) };
}
