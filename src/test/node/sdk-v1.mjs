// The MCP TypeScript SDK, version 1 line: discovery, registration, login, tools, refresh.
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { exercise } from './lib/sdk-flow.mjs';
import { run } from './lib/steps.mjs';

await run(() => exercise({
  Client,
  Transport: StreamableHTTPClientTransport,
  UnauthorizedError,
  finish: (transport, answer) => transport.finishAuth(answer.get('code')),
}));
