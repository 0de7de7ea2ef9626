// An OAuth 2.0 upstream with GitHub's habits: no discovery, no ID token, no iss, errors with status 200, ids beyond 2^53.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { argumentsOr } from './lib/steps.mjs';

const given = argumentsOr({
  port: '0',
  'client-id': 'keyturn',
  'client-secret': 'upstream-secret',
  'redirect-uri': undefined,
  password: '',
  mode: 'auto',
  'first-id': '90071992547409931',
});

const HELP = 'https://example.com/oauth-errors';
const redirects = given['redirect-uri'].split(',');
const codes = new Map();
const tokens = new Map();

const routes = {
  'GET /login/oauth/authorize': (request) => showLogin(request),
  'POST /login/oauth/authorize': (request) => finishLogin(request),
  'POST /login/oauth/access_token': (request) => tokenAnswer(request, redeem(request)),
  'GET /user': (request) => withToken(request, ({ login, scopes }) => ({
    // Written by hand: a JSON library that goes through doubles would lose the last digits.
    text: `{"login":${JSON.stringify(login)},"id":${idOf(login)},"node_id":"${nodeId(login)}","type":"User",`
      + `"name":${JSON.stringify(login[0].toUpperCase() + login.slice(1))},"email":null}`,
    headers: { 'x-oauth-scopes': scopes.join(', ') },
  })),
  'GET /user/emails': (request) => withToken(request, ({ login, scopes }) => {
    if (!scopes.includes('user:email')) return { status: 404, json: { message: 'Not Found', documentation_url: HELP } };
    return { json: [
      { email: `${login}@old.example.com`, primary: false, verified: false, visibility: null },
      { email: `${login}@example.com`, primary: true, verified: true, visibility: 'private' },
    ] };
  }),
  [`DELETE /applications/${given['client-id']}/token`]: (request) => revoke(request),
};

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://fake');
  const body = await text(request);
  const route = routes[`${request.method} ${url.pathname}`];
  const answer = route ? route({ headers: request.headers, query: url.searchParams, body }) : { status: 404, json: { message: 'Not Found' } };
  send(response, answer);
});
server.listen(Number(given.port), '127.0.0.1', () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  console.log(JSON.stringify({
    step: 'listening',
    base,
    authorize: `${base}/login/oauth/authorize`,
    token: `${base}/login/oauth/access_token`,
    user: `${base}/user`,
    emails: `${base}/user/emails`,
    pid: process.pid,
  }));
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);

function showLogin({ query }, wrong = '') {
  if (query.get('client_id') !== given['client-id']) return { status: 404, html: '<h1>Not Found</h1>' };
  const asked = query.get('redirect_uri') ?? redirects[0];
  if (!redirects.some((registered) => isUnder(asked, registered))) {
    return back(redirects[0], query, { error: 'redirect_uri_mismatch', error_description: 'The redirect_uri is not registered.', error_uri: HELP });
  }
  const hidden = [...query].map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`);
  return { html: `<h1>Sign in</h1><p>${wrong}</p><form method="post" action="/login/oauth/authorize">${hidden.join('')}
    <label>Username <input name="login" autofocus></label> <label>Password <input name="password" type="password"></label>
    <button name="answer" value="cancel">Cancel</button> <button name="answer" value="authorize">Authorize</button></form>` };
}

function finishLogin({ body }) {
  const form = new URLSearchParams(body);
  const [login, password, answer] = ['login', 'password', 'answer'].map((name) => form.get(name) ?? '');
  for (const name of ['login', 'password', 'answer']) form.delete(name);
  const target = form.get('redirect_uri') ?? redirects[0];
  if (form.get('client_id') !== given['client-id'] || !redirects.some((r) => isUnder(target, r))) return showLogin({ query: form });
  if (answer === 'cancel') {
    return back(target, form, { error: 'access_denied', error_description: 'The user has denied your application access.', error_uri: HELP });
  }
  if (!login || (given.password && password !== given.password)) return showLogin({ query: form }, 'Incorrect username or password.');
  const code = randomBytes(10).toString('hex');
  codes.set(code, {
    login,
    target,
    scopes: normalised(form.get('scope') ?? ''),
    challenge: form.get('code_challenge'),
    method: form.get('code_challenge_method'),
    until: Date.now() + 600_000,
  });
  return back(target, form, { code });
}

function redeem({ headers, body }) {
  const form = new URLSearchParams(body);
  const [id, secret] = credentials(headers) ?? [form.get('client_id'), form.get('client_secret')];
  if (id !== given['client-id'] || !equal(secret, given['client-secret'])) {
    return problem('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.');
  }
  const code = codes.get(form.get('code'));
  const redirect = form.get('redirect_uri');
  if (code && redirect !== null && redirect !== code.target) {
    return problem('redirect_uri_mismatch', 'The redirect_uri MUST match the registered callback URL for this application.');
  }
  codes.delete(form.get('code'));
  if (!code || code.until < Date.now() || !proves(code, form.get('code_verifier'))) {
    return problem('bad_verification_code', 'The code passed is incorrect or expired.');
  }
  const token = `gho_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`;
  tokens.set(token, { login: code.login, scopes: code.scopes });
  return { access_token: token, scope: code.scopes.join(','), token_type: 'bearer' };
}

function tokenAnswer({ headers }, members) {
  const wantsJson = /\bapplication\/json\b/.test(headers.accept ?? '');
  if (given.mode === 'json' || (given.mode === 'auto' && wantsJson)) return { json: members };
  return { text: String(new URLSearchParams(members)), type: 'application/x-www-form-urlencoded; charset=utf-8' };
}

function withToken({ headers }, answer) {
  if (!headers['user-agent']) {
    return { status: 403, text: 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.', type: 'text/html' };
  }
  const token = /^(?:bearer|token) (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const known = tokens.get(token);
  return known ? answer(known) : { status: 401, json: { message: 'Bad credentials', documentation_url: HELP, status: '401' } };
}

function revoke({ headers, body }) {
  const [id, secret] = credentials(headers) ?? [];
  if (id !== given['client-id'] || !equal(secret, given['client-secret'])) return { status: 401, json: { message: 'Bad credentials' } };
  const { access_token: token } = JSON.parse(body || '{}');
  return tokens.delete(token) ? { status: 204 } : { status: 422, json: { message: 'Validation Failed' } };
}

function proves({ challenge, method }, verifier) {
  if (!challenge) return true;
  return method === 'S256' && verifier !== null && createHash('sha256').update(verifier).digest('base64url') === challenge;
}

function back(target, query, parameters) {
  const url = new URL(target);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (query.has('state')) url.searchParams.set('state', query.get('state'));
  return { status: 302, headers: { location: url.href } };
}

// `user` swallows the narrower scopes, as there.
function normalised(asked) {
  const scopes = [...new Set(asked.split(/[\s,]+/).filter(Boolean))].sort();
  return scopes.includes('user') ? scopes.filter((scope) => scope === 'user' || !/^(user:|read:user)/.test(scope)) : scopes;
}

function idOf(login) {
  return (BigInt(given['first-id']) + BigInt(createHash('sha256').update(login).digest().readUInt16BE())) | 1n;
}

function nodeId(login) {
  return `U_${createHash('sha256').update(login).digest('base64url').slice(0, 10)}`;
}

function credentials({ authorization = '' }) {
  const encoded = /^basic (\S+)$/i.exec(authorization)?.[1];
  if (!encoded) return undefined;
  const [id, ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return [id, secret.join(':')].map(decodeURIComponent);
}

function isUnder(asked, registered) {
  if (!URL.canParse(asked)) return false;
  const [a, r] = [new URL(asked), new URL(registered)];
  return a.protocol === r.protocol && a.host === r.host && (a.pathname === r.pathname || a.pathname.startsWith(`${r.pathname}/`));
}

function equal(left, right) {
  const [a, b] = [left ?? '', right].map((value) => createHash('sha256').update(value).digest());
  return timingSafeEqual(a, b);
}

function problem(error, description) {
  return { error, error_description: description, error_uri: HELP };
}

function escape(value) {
  return value.replace(/[&"'<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

async function text(request) {
  let read = '';
  for await (const part of request) read += part;
  return read;
}

function send(response, { status = 200, headers = {}, json, html, text: plain, type = 'application/json; charset=utf-8' }) {
  const page = html && `<!doctype html><html lang="en"><meta charset="utf-8"><title>Fake</title>${html}</html>`;
  response.writeHead(status, { 'content-type': html ? 'text/html; charset=utf-8' : type, 'cache-control': 'no-store', ...headers });
  response.end(page ?? plain ?? (json && JSON.stringify(json)));
}

function stop() {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
