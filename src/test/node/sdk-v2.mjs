// The MCP TypeScript SDK, version 2 line: as version 1, and it checks the issuer of the callback itself.
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { exercise } from './lib/sdk-flow.mjs';
import { run } from './lib/steps.mjs';

await run(() => exercise({
  Client,
  Transport: StreamableHTTPClientTransport,
  UnauthorizedError,
  finish: (transport, answer) => transport.finishAuth(answer),
}));
