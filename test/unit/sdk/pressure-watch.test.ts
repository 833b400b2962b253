import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { MemoryFacts } from '../../../src/detect/memory-thresholds.ts';
import { onPressure, type Pressure, pressureListeners } from '../../../src/sdk/on-pressure.ts';
import type { OutliveError } from '../../../src/sdk/outlive-error.ts';
import { PressureWatch } from '../../../src/sdk/pressure-watch.ts';
import { start } from '../../../src/sdk/start.ts';
import { quiet } from './started.ts';

const facts: MemoryFacts = {
  rssBytes: 90e6,
  heapFloor: { atMs: 0, bytes: 20e6, codeBytes: 0 },
  limits: [
    { source: 'v8', bytes: 400e6, usedBytes: 30e6 },
    { source: 'cgroup', bytes: 100e6, usedBytes: 83e6 },
  ],
  baseline: undefined,
  usual: undefined,
  outlook: { growth: new Map(), fastest: undefined, exhaustion: undefined },
};

function watched(): { look: (stalledRatio: number, at?: MemoryFacts) => void; failures: string[] } {
  const failures: string[] = [];
  const failed = (where: string): void => void failures.push(where);
  const observer = {
    guard(where: string, fn: () => void) {
      try {
        fn();
      } catch {
        failed(where);
      }
    },
  };
  const watch = new PressureWatch({ observer, listeners: pressureListeners, failed });
  return {
    failures,
    look: (pressureRatio, at = facts) => watch.look({ pressureRatio, groupEvents: undefined, rssBytes: 90e6 }, at),
  };
}

describe('PRESSURE-005: onPressure', () => {
  test('tells each change of the level once, with the figures', () => {
    const told: Pressure[] = [];
    const undo = onPressure((pressure) => told.push(pressure));
    const { look } = watched();
    look(0);
    look(0);
    look(0.5);
    assert.deepEqual(told, [
      { level: 'high', before: 'normal', stalledRatio: 0, usedRatio: 0.83, rssBytes: 90e6 },
      { level: 'critical', before: 'high', stalledRatio: 0.5, usedRatio: 0.83, rssBytes: 90e6 },
    ]);
    undo();
  });

  test('tells nobody whose listener was undone', () => {
    let calls = 0;
    const undo = onPressure(() => calls++);
    undo();
    watched().look(0.5);
    assert.equal(calls, 0);
  });

  test('a callback that throws or rejects harms neither the app nor the others', async () => {
    let calls = 0;
    const undos = [
      onPressure(() => {
        throw new Error('of the app');
      }),
      onPressure(() => Promise.reject(new Error('of the app'))),
      onPressure(() => calls++),
    ];
    const { look, failures } = watched();
    look(0.5);
    await turn();
    assert.equal(calls, 1);
    assert.deepEqual(failures, ['onPressure callback', 'onPressure callback']);
    for (const undo of undos) undo();
  });

  test('refuses what is no function, and the 101st', () => {
    const refused = (error: unknown): boolean => (error as OutliveError).code === 'OUTLIVE_BAD_ARGUMENT';
    assert.throws(() => onPressure('no function' as never), refused);
    const undos = Array.from({ length: 100 }, () => onPressure(() => {}));
    assert.throws(() => onPressure(() => {}), refused);
    for (const undo of undos) undo();
  });
});

describe('start({ onPressure })', () => {
  test('listens until the shutdown, and refuses what is no function', async () => {
    const refused = (error: unknown): boolean => (error as OutliveError).code === 'OUTLIVE_BAD_OPTION';
    assert.throws(() => start({ ...quiet, hooks: ['none'], onPressure: 'no function' as never }), refused);
    process.env['OTEL_METRICS_EXPORTER'] = process.env['OTEL_LOGS_EXPORTER'] = 'none';
    const before = [...pressureListeners()].length;
    const handle = start({ ...quiet, hooks: ['none'], onPressure: () => {} });
    assert.equal([...pressureListeners()].length, before + 1);
    await handle.shutdown();
    assert.equal([...pressureListeners()].length, before);
  });
});
