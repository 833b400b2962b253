import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { running } from './telemetry/run.ts';

const register = pathToFileURL(`${import.meta.dirname}/../../src/register.ts`).href;
const outlive = pathToFileURL(`${import.meta.dirname}/../../src/index.ts`).href;

/** Opens some 20,000 streams a second until streams are let be, and says what `init` of emitters is then. */
const busy = `
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { snapshot } from ${JSON.stringify(outlive)};
const opened = () => snapshot().kinds.find(({ kind }) => kind === 'stream').opened;
const startedMs = performance.now();
let before = -1;
let still = 0;
const timer = setInterval(() => {
  for (let i = 0; i < 400; i++) new PassThrough().destroy();
  const now = opened();
  still = now === before ? still + 1 : 0;
  before = now;
  if (still < 10 && performance.now() - startedMs < 60_000) return;
  clearInterval(timer);
  console.log(still >= 10 ? 'let be' : 'watched to the end');
}, 10);
`;

test('governor: beyond a tiny budget outlive looks at less, then detaches the costliest group, a line on stderr each', async () => {
  const { code, stdout, stderr } = await running(['--import', register, '--input-type=module', '-e', busy], {
    OUTLIVE_CPU_BUDGET_MILLICORES: '1',
    // windows of 6 s
    OUTLIVE_TIER: 'development',
  }).ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /let be/, stderr);
  const lines = stderr.split('\n').filter((line) => line.includes('cpuBudgetMillicores'));
  assert.match(lines[0] ?? '', /its budget \(cpuBudgetMillicores\) is 0\.10 %: it looks at 1 in 4 of what it did now/);
  assert.equal(lines.filter((line) => line.endsWith('streams detached')).length, 1, stderr);
});

test('governor: within the budget nothing is said and nothing detached', async () => {
  const { stdout, stderr } = await running(
    ['--import', register, '--input-type=module', '-e', busy.replace('60_000', '15_000').replace('400', '1')],
    { OUTLIVE_TIER: 'development' },
  ).ended;
  assert.match(stdout, /watched to the end/);
  assert.doesNotMatch(stderr, /cpuBudgetMillicores/);
});
