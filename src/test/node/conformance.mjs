// The conformance tool of the Model Context Protocol judges the authorization server; we only lend it a person.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserAgent } from './lib/agent.mjs';
import { argumentsOr, expect, run, step } from './lib/steps.mjs';

const TOOL = join(dirname(fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/package.json'))), 'dist/index.js');
const AUTHORIZE = /https?:\/\/[^\s"'<>]*[?&]response_type=code[^\s"'<>]*(?=\s)/;
const SCENARIOS = 2;
const LIMIT_MS = 300_000;

const given = argumentsOr({ issuer: undefined, port: undefined, 'client-id': 'conformance', resource: '', user: 'alice', password: 'wonderland' });

await run(async () => {
  const results = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    await judge(results);
    const checks = await checksIn(results);
    const names = (status) => checks.filter((check) => check.status === status).map((check) => check.id);
    step('judged', { passed: names('SUCCESS').sort(), warnings: names('WARNING'), others: others(checks) });
    const failures = failuresOf(checks);
    expect(!failures.length, failures.join('; '));
  } finally {
    await rm(results, { recursive: true });
  }
});

async function judge(results) {
  const options = ['--url', given.issuer, '--client-id', given['client-id'], '--port', given.port, '-o', results];
  if (given.resource) options.push('--resource', given.resource);
  const tool = spawn(process.execPath, [TOOL, 'authorization', ...options], { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
  const ended = new Promise((resolve) => tool.on('close', resolve));
  try {
    await Promise.race([logInWhereItSays(tool), ended]);
    const code = await ended;
    expect(code === 0 || (await readdir(results)).length, `the tool ended with ${code} and judged nothing`);
  } finally {
    tool.kill();
  }
}

async function logInWhereItSays(tool) {
  const start = new URL(await addressIn(tool));
  const agent = new UserAgent(given);
  await agent.login(start, start.searchParams.get('redirect_uri'));
  step('logged-in', { requests: agent.hops.length, asked: [...start.searchParams.keys()] });
}

function addressIn(tool) {
  let said = '';
  return new Promise((resolve) => {
    for (const stream of [tool.stdout, tool.stderr]) {
      stream.setEncoding('utf8').on('data', (part) => {
        said += part;
        const address = AUTHORIZE.exec(said)?.[0];
        if (address) resolve(address);
      });
    }
  });
}

async function checksIn(results) {
  const scenarios = await readdir(results);
  expect(scenarios.length === SCENARIOS, `${scenarios.length} scenarios were run: ${scenarios.join(', ')}`);
  const checks = scenarios.map(async (name) => JSON.parse(await readFile(join(results, name, 'checks.json'), 'utf8')));
  return (await Promise.all(checks)).flat();
}

function failuresOf(checks) {
  return checks.filter(({ status }) => status === 'FAILURE').map(({ id, errorMessage }) => `${id}: ${errorMessage}`);
}

function others(checks) {
  return checks.filter(({ status }) => !['SUCCESS', 'WARNING', 'FAILURE'].includes(status)).map(({ id, status }) => `${id}: ${status}`);
}
