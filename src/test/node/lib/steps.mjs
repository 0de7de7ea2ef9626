import { parseArgs } from 'node:util';

const started = performance.now();
let before = started;

/** Prints one JSON line: a step that held, what it took, and facts without secrets. */
export function step(name, facts = {}) {
  const now = performance.now();
  console.log(JSON.stringify({ step: name, ms: Math.round(now - before), ...facts }));
  before = now;
}

/** Refuses to go on with a sentence. */
export function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

/** Reads `--name value`, else `KEYTURN_NAME` from the environment, else the default; `undefined` is no default. */
export function argumentsOr(defaults) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ options });
  const read = Object.entries(defaults).map(([name, value]) => {
    const variable = `KEYTURN_${name.toUpperCase()}`.replaceAll('-', '_');
    const given = values[name] ?? process.env[variable] ?? value;
    if (given === undefined) usage(`--${name} (or ${variable}) is required`);
    return [name, given];
  });
  return Object.fromEntries(read);
}

/** Runs a program: the last line is `done` and exit 0, or `failed` with the reason and exit 1. */
export async function run(main) {
  try {
    await main();
    console.log(JSON.stringify({ step: 'done', ok: true, ms: Math.round(performance.now() - started) }));
    process.exit(0);
  } catch (failure) {
    const reason = reasonOf(failure);
    console.log(JSON.stringify({ step: 'failed', ok: false, reason }));
    console.error(process.env.TRACE ? failure : `failed: ${reason}`);
    process.exit(1);
  }
}

export function reasonOf(failure) {
  const causes = [];
  for (let at = failure; at && causes.length < 4; at = at.cause) causes.push(at.message ?? JSON.stringify(at));
  return causes.join(': ');
}

function usage(message) {
  console.error(message);
  process.exit(2);
}
