import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { afterEach, it } from 'node:test';
import { BusyTime } from '../../../src/sdk/busy-time.ts';
import { runningEngine } from '../../../src/sdk/running.ts';
import { flush, shutdown, start } from '../../../src/sdk/start.ts';
import { quiet } from './started.ts';

process.env['OTEL_METRICS_EXPORTER'] = 'none';
process.env['OTEL_LOGS_EXPORTER'] = 'none';
afterEach(() => shutdown());

async function started() {
  start(quiet);
  await flush();
  const engine = runningEngine() ?? assert.fail('no engine');
  return { engine, judging: engine.judging ?? assert.fail('no judging') };
}

it('busy time counts nested parts once, and those that throw', () => {
  let nowMs = 0;
  const busy = new BusyTime(() => nowMs);
  const pass = (): number => (nowMs += 5);
  busy.run(() => {
    pass();
    busy.run(pass);
  });
  assert.throws(() =>
    busy.run(() => {
      pass();
      throw new Error('of the work');
    }),
  );
  assert.deepEqual([busy.ms, busy.count], [15, 2]);
});

it('own cost has sweeps, captures and what hooks see opened; a detached group costs nothing more', async () => {
  const { engine, judging } = await started();
  const before = judging.cost.totalMs();
  for (let i = 0; i < 10_000; i++) new PassThrough().destroy();
  const hooksMs = judging.cost.totalMs() - before;
  assert.ok(hooksMs >= 3, `10,000 streams at 0.3 µs: ${hooksMs}`);
  assert.equal(judging.cost.byCost()[0], 'streams');
  engine.setHooks(new Set(['http']));
  const detachedAt = judging.cost.totalMs();
  for (let i = 0; i < 1000; i++) new PassThrough().destroy();
  assert.ok(judging.cost.totalMs() - detachedAt < 0.05);
  assert.deepEqual(judging.cost.byCost(), ['http']);
});

it('own cost: what comes more often than the tier has it counts at the tier’s pace', async () => {
  const { engine, judging } = await started();
  const takesMs = (sweepIntervalMs: number): number => {
    Object.assign(engine.config, { sweepIntervalMs });
    judging.cost.takeAtDefaultPaceMs();
    judging.sweep.busyMs += 100;
    return judging.cost.takeAtDefaultPaceMs();
  };
  assert.ok(Math.abs(takesMs(10_000) - 100) < 5);
  assert.ok(Math.abs(takesMs(60_000) - 100) < 5);
  assert.ok(takesMs(100) < 5);
});
