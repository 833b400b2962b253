import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { GcWatch } from '../../../src/runtime/gc-watch.ts';

const collect = (): void => {
  const { gc } = globalThis;
  assert.ok(gc, 'this test needs --expose-gc');
  gc();
};
const untilMajors = async (watch: GcWatch, majors: number): Promise<void> => {
  while (watch.majors < majors) await turn();
};

test('gc: a major collection gives the live heap, its duration and a call', async () => {
  const told: number[] = [];
  const watch = new GcWatch((gc, heapLiveBytes) => void told.push(gc.durationMs, heapLiveBytes));
  assert.equal(watch.heapLiveBytes, undefined);
  watch.attach();
  collect();
  await untilMajors(watch, 1);
  watch.detach();
  assert.ok((watch.heapLiveBytes ?? 0) > 1_000_000);
  assert.equal(told[1], watch.heapLiveBytes);
  const majors = watch.drain().filter(({ type }) => type === 'major');
  assert.equal(majors.length, 1);
  assert.ok((majors[0]?.durationMs ?? 0) > 0);
  assert.deepEqual(watch.drain(), []);
});

test('gc: what nobody drains is bounded and the rest is counted', async () => {
  const watch = new GcWatch();
  watch.attach();
  for (let i = 0; i < 600; i++) globalThis.gc?.({ type: 'minor' });
  collect();
  await untilMajors(watch, 1);
  watch.detach();
  assert.equal(watch.drain().length, 512);
  assert.ok(watch.dropped >= 89, `${watch.dropped}`);
});

test('gc: what the app asks for by gc() is told, but adds nothing to the totals', async () => {
  const watch = new GcWatch();
  watch.attach();
  try {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(watch.lastMajors.length > 0);
    assert.equal(watch.totals.major.count, 0);
  } finally {
    watch.detach();
  }
});
