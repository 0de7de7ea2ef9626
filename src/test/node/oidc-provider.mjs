// An OpenID provider as an upstream: its own login and consent pages, PKCE, userinfo, rotating refresh tokens.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import http from 'node:http';
import { Provider } from 'oidc-provider';
import { argumentsOr } from './lib/steps.mjs';

const given = argumentsOr({
  port: '0',
  issuer: '',
  'client-id': 'keyturn',
  'client-secret': 'upstream-secret',
  'client-jwks': '',
  'redirect-uri': undefined,
  'auth-method': 'client_secret_post',
  refresh: 'offline_access',
  'access-token-ttl': '3600',
  'refresh-token-ttl': '86400',
});

const server = http.createServer();
await new Promise((listening) => server.listen(Number(given.port), '127.0.0.1', listening));
const issuer = given.issuer || `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: given['client-id'],
    ...(given['client-jwks'] ? { jwks: JSON.parse(given['client-jwks']) } : { client_secret: given['client-secret'] }),
    redirect_uris: given['redirect-uri'].split(','),
    id_token_signed_response_alg: 'ES256',
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: given['auth-method'],
  }],
  jwks: { keys: [newKey(randomBytes(8).toString('hex'))] },
  // Cookies know no ports: on loopback these names must not be those of another provider.
  cookies: {
    keys: [randomBytes(32).toString('hex')],
    names: { session: 'idp_session', interaction: 'idp_interaction', resume: 'idp_resume' },
  },
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: true,
  features: { devInteractions: { enabled: true }, revocation: { enabled: true }, userinfo: { enabled: true } },
  pkce: { required: () => true },
  // `always` is for a relying party that does not ask with prompt=consent, without which offline_access is dropped.
  issueRefreshToken: (_context, client, code) => client.grantTypeAllowed('refresh_token')
    && (given.refresh === 'always' || code.scopes.has('offline_access')),
  rotateRefreshToken: true,
  expiresWithSession: () => false,
  ttl: {
    AccessToken: Number(given['access-token-ttl']),
    AuthorizationCode: 60,
    Grant: 86_400,
    IdToken: 3600,
    Interaction: 600,
    RefreshToken: Number(given['refresh-token-ttl']),
    Session: 86_400,
  },
  findAccount: (_context, sub) => ({
    accountId: sub,
    claims: () => ({
      sub,
      name: sub[0].toUpperCase() + sub.slice(1),
      preferred_username: sub,
      email: `${sub}@example.com`,
      email_verified: true,
    }),
  }),
});
provider.on('server_error', (_context, failure) => console.error(failure));

// Which key the client was proven by, and what came of it.
provider.use(async (context, next) => {
  await next();
  const { client_assertion: proof, grant_type: grant } = context.oidc?.params ?? {};
  if (!proof) return;
  const { kid } = JSON.parse(Buffer.from(proof.split('.')[0], 'base64url'));
  console.log(JSON.stringify({ step: 'proof', kid, grant, status: context.status }));
});

server.on('request', provider.callback());
console.log(JSON.stringify({ step: 'listening', issuer, pid: process.pid }));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);

function newKey(kid) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
}

function stop() {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
