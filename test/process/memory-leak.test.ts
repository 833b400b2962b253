import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const source = (file: string): string => JSON.stringify(new URL(`../../src/${file}`, import.meta.url).href);

/** Keeps 10 MB a second in its heap, until outlive says when that is full. */
const leaky = `
import { findings, flush, snapshot } from ${source('index.ts')};
const kept = [];
const beganMs = performance.now();
let units = 0;
setInterval(() => {
  while (units < (performance.now() - beganMs) / 10) {
    kept.push(new Array(12_500).fill(units++)); // 100 kB
  }
}, 10);
setInterval(() => gc(), 300);
setInterval(async () => {
  const found = findings().find(({ type, severity }) => type === 'memory_limit' && severity === 'critical');
  if (found === undefined) return;
  await flush();
  const { rate, advice } = found;
  console.log(JSON.stringify({ rate, advice, memory: snapshot().memory }));
  process.exit(0);
}, 100);
`;

interface Told {
  readonly rate: { readonly value: number; readonly low: number; readonly high: number };
  readonly advice: string;
  readonly memory: { readonly exhaustion?: { readonly source: string; readonly hours: number } };
}

let folder = '';
before(() => void (folder = mkdtempSync(join(tmpdir(), 'outlive-memory-'))));
after(() => rmSync(folder, { recursive: true }));

/** Fills its heap until it hears of pressure, lets go of all of it, and waits until that is over. */
const pressed = `
import { onPressure } from ${source('index.ts')};
let kept = [];
const heard = [];
const filling = setInterval(() => {
  kept.push(new Array(125_000).fill(kept.length)); // 1 MB
}, 40);
setInterval(gc, 1500);
onPressure(({ level, usedRatio }) => {
  heard.push({ level, usedRatio, heldMb: kept.length });
  if (level !== 'normal') {
    clearInterval(filling);
    kept = [];
    return;
  }
  console.log(JSON.stringify(heard));
  process.exit(0);
});
`;

const settings = {
  ...process.env,
  NODE_OPTIONS: '',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OUTLIVE_STDERR: 'off',
  OUTLIVE_SWEEP_INTERVAL_MS: '100',
  OUTLIVE_MEMORY_INTERVAL_MS: '500',
  OUTLIVE_MEMORY_BASELINE_MS: '3000',
};

async function run<Result>(program: string, heapMb: number, env: Record<string, string> = {}): Promise<Result> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', `--max-old-space-size=${heapMb}`, '--import', JSON.parse(source('register.ts')) as string].concat(
      '--input-type=module',
      '--eval',
      program,
    ),
    { timeout: 90_000, env: { ...settings, ...env } },
  );
  return JSON.parse(stdout) as Result;
}

test('PRESSURE-005: an app that hears of pressure and lets go lives on, and hears that it is over', async () => {
  const heard = await run<{ level: string; usedRatio: number; heldMb: number }[]>(pressed, 200);
  assert.equal(heard.at(0)?.level, 'high');
  assert.ok((heard[0]?.usedRatio ?? 0) >= 0.8);
  assert.equal(heard.at(-1)?.level, 'normal');
});

test('a heap that leaks 10 MB a second under its limit is told with its rate and the time that is left', async () => {
  const stateFile = join(folder, 'memory.json');
  const { rate, advice, memory } = await run<Told>(leaky, 600, { OUTLIVE_MEMORY_STATE_FILE: stateFile });
  assert.ok(Math.abs(rate.value / 3600 - 10e6) < 2e6, `${rate.value / 3600} bytes a second`);
  assert.match(advice, /what survives garbage collection grows by .* V8's heap \(`--max-old-space-size`\) is full in/);
  assert.equal(memory.exhaustion?.source, 'v8');
  assert.ok(memory.exhaustion.hours * 3600 < 60, `${memory.exhaustion.hours * 3600} s`);
  const kept = JSON.parse(readFileSync(stateFile, 'utf8')) as { baseline: { rssBytes: number } };
  assert.ok(kept.baseline.rssBytes > 10e6);
});
