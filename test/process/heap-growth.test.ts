import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

const source = (file: string): string => new URL(`../../src/${file}`, import.meta.url).href;

/**
 * A worker that prices an order every few ms by a helper of its own, with a major collection about every 8 sweeps. It
 * prints what it has heard of the heap when `isDone` holds, at the latest after 400 sweeps.
 */
const worker = (keep: string, isDone: string): string => `
import { onFinding, snapshot } from ${JSON.stringify(source('index.ts'))};
const kept = new Map();
let orders = 0;
let isOver = false;
function priceOf(id) {
  return { id, lines: Array.from({ length: 8 }, (_, line) => ({ line, name: 'line ' + line + ' of ' + id })) };
}
function keep(id) {
  ${keep}
}
setInterval(() => {
  for (let i = 0; i < 5; i++) keep(orders++);
}, 5);
setInterval(gc, 400);
const heard = [];
onFinding(({ kind, type, state, place, bytes, rate }) => {
  if (kind !== 'heap' || state === 'updated') return;
  heard.push({ type, state, file: place?.file, bytes, rate });
});
setInterval(() => {
  if (!(${isDone}) && snapshot().sweeps < 400) return;
  console.log(JSON.stringify(heard));
  process.exit(0);
}, 50);
`;

interface Heard {
  readonly type: string;
  readonly state: string;
  readonly file: string;
  readonly bytes: number;
  readonly rate: { readonly low: number };
}

let folder = '';
before(() => void (folder = realpathSync(mkdtempSync(join(tmpdir(), 'outlive-heap-')))));
after(() => rmSync(folder, { recursive: true }));

async function heardOf(name: string, program: string, env: Record<string, string> = {}): Promise<Heard[]> {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, program);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--disable-warning=ExperimentalWarning', '--import', source('register.ts'), file],
    {
      cwd: folder,
      timeout: 120_000,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OUTLIVE_STDERR: 'off',
        OUTLIVE_TIER: 'production',
        OUTLIVE_SWEEP_INTERVAL_MS: '50',
        ...env,
      },
    },
  );
  return JSON.parse(stdout) as Heard[];
}

describe('heap growth of a running app', { concurrency: 2 }, () => {
  test('a map that never stops growing is told by a function that fills it', async () => {
    const heard = await heardOf('leaks', worker('kept.set(id, priceOf(id));', 'heard.length > 0'));
    const [{ type, state, file, bytes, rate } = assert.fail('nothing was heard')] = heard;
    assert.deepEqual({ type, state, file }, { type: 'heap_growth', state: 'raised', file: 'leaks.mjs' });
    assert.ok(bytes > 100_000 && rate.low > 0);
  });

  test('a map that throws out as much as it takes in is not', async () => {
    const bounded = 'kept.set(id, priceOf(id)); if (kept.size > 300) kept.delete(kept.keys().next().value);';
    assert.deepEqual(await heardOf('is-full', worker(bounded, 'false')), []);
  });

  test('what is let go after all is resolved', async () => {
    const late = `
      kept.set(id, priceOf(id));
      isOver ||= heard.length > 0;
      if (isOver) kept.clear();`;
    const heard = await heardOf('lets-go', worker(late, `heard.some(({ state }) => state !== 'raised')`));
    const states = heard.map(({ state }) => state);
    assert.equal(states[0], 'raised');
    assert.ok(states.includes('resolved') && !states.includes('retracted'), states.join());
  });

  test('switched off, nothing is sampled', async () => {
    const program = worker('kept.set(id, priceOf(id));', 'snapshot().sweeps > 220');
    assert.deepEqual(await heardOf('is-off', program, { OUTLIVE_HEAP_PROFILE: 'off' }), []);
  });
});
