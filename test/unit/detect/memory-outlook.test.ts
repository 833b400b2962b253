import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type MemoryLimit, type MemoryOutlook, memoryOutlook } from '../../../src/detect/memory-outlook.ts';
import { type MemorySample, MemorySeries } from '../../../src/detect/memory-series.ts';
import { heapLimit, hostLimit, mb, minuteMs, sampleOf } from './memory-samples.ts';

const group: MemoryLimit = { source: 'cgroup', bytes: 512 * mb, usedBytes: 300 * mb };

function outlookOf(
  minutes: number,
  sample: (minute: number) => Partial<MemorySample>,
  limits: readonly MemoryLimit[],
  heapFloor?: { atMs: number; bytes: number; codeBytes: number },
): MemoryOutlook {
  const series = new MemorySeries();
  for (let i = 0; i < minutes; i++) series.add(sampleOf({ atMs: i * minuteMs, ...sample(i) }));
  const steps = memoryOutlook(series, { limits, heapFloor }, 5 * minuteMs);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

describe('time to exhaustion', () => {
  test('of resident memory is that to the nearest limit of the process, with its interval', () => {
    const { exhaustion, fastest } = outlookOf(60, (i) => ({ rssBytes: (200 + i) * mb }), [hostLimit, heapLimit, group]);
    assert.equal(fastest, 'resident');
    assert.equal(exhaustion?.limit.source, 'cgroup');
    assert.ok(Math.abs(exhaustion.hours - 212 / 60) < 0.01, String(exhaustion.hours));
    assert.ok(exhaustion.soonestHours <= exhaustion.hours && exhaustion.hours <= exhaustion.latestHours);
  });

  test('of the heap is read off its floors, garbage left out, from where the last one was', () => {
    const minutes = 30;
    const floorOf = (i: number) => 100 * mb + 10 * mb * i;
    const heapFloor = { atMs: (minutes - 1) * minuteMs, bytes: floorOf(minutes - 1), codeBytes: 0 };
    const sample = (i: number) => ({ heapUsedBytes: 900 * mb, heapFloorBytes: floorOf(i) });
    const limit: MemoryLimit = { source: 'v8', bytes: 990 * mb, usedBytes: 950 * mb };
    const { exhaustion, growth } = outlookOf(minutes, sample, [limit], heapFloor);
    assert.ok(Math.abs((growth.get('heap')?.rate.value ?? 0) - 600 * mb) < mb);
    assert.equal(exhaustion?.pool, 'heap');
    assert.ok(Math.abs(exhaustion.hours - 1) < 0.01, String(exhaustion.hours));
  });

  test('is not looked for farther ahead than twenty times what was seen', () => {
    const { exhaustion, growth } = outlookOf(20, (i) => ({ rssBytes: (200 + i) * mb }), [hostLimit]);
    assert.ok(growth.has('resident'));
    assert.equal(exhaustion, undefined);
  });

  test('is none where nothing grows', () => {
    const { exhaustion, fastest } = outlookOf(60, () => ({}), [hostLimit, heapLimit, group]);
    assert.equal(fastest, undefined);
    assert.equal(exhaustion, undefined);
  });
});
