import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MemoryPressure, type PressureSigns } from '../../../src/detect/memory-pressure.ts';

const calm: PressureSigns = { stalledRatio: 0, events: undefined, usedRatio: 0.3 };
const noEvents = { high: 0, max: 0, oomKills: 0 };

/** The level after each look. */
const levelsOf = (...signs: Partial<PressureSigns>[]): string[] => {
  const pressure = new MemoryPressure();
  return signs.map((sign) => {
    pressure.look({ ...calm, ...sign });
    return pressure.level;
  });
};

describe('PRESSURE-005: the level of pressure', () => {
  test('is normal where nothing is known', () => {
    assert.deepEqual(levelsOf({ stalledRatio: undefined, usedRatio: undefined }), ['normal']);
  });

  test('follows the share of time stalled, up at once', () => {
    assert.deepEqual(levelsOf({ stalledRatio: 0.09 }, { stalledRatio: 0.1 }, { stalledRatio: 0.4 }), [
      'normal',
      'high',
      'critical',
    ]);
  });

  test('follows the share of the limit that is taken', () => {
    assert.deepEqual(levelsOf({ usedRatio: 0.79 }, { usedRatio: 0.81 }, { usedRatio: 0.91 }), [
      'normal',
      'high',
      'critical',
    ]);
  });

  test('falls after three calm looks, not after two and a relapse', () => {
    const up = { stalledRatio: 0.2 };
    assert.deepEqual(levelsOf(up, {}, {}, up, {}, {}, {}), ['high', 'high', 'high', 'high', 'high', 'high', 'normal']);
  });

  test('does not flutter about its threshold', () => {
    const pressure = new MemoryPressure();
    let changes = 0;
    for (let i = 0; i < 100; i++) if (pressure.look({ ...calm, usedRatio: i % 2 === 0 ? 0.81 : 0.78 })) changes++;
    assert.equal(changes, 1);
  });

  test('is high when the kernel holds the group back, critical when it kills', () => {
    const usedRatio = 0.78;
    assert.deepEqual(
      levelsOf(
        { usedRatio, events: noEvents },
        { usedRatio, events: { ...noEvents, max: 3 } },
        { usedRatio, events: { ...noEvents, max: 3, oomKills: 1 } },
      ),
      ['normal', 'high', 'critical'],
    );
  });

  test('is normal where a group full of file cache comes up against its limit', () => {
    assert.deepEqual(levelsOf({ events: noEvents }, { events: { ...noEvents, high: 9, max: 40 } }), [
      'normal',
      'normal',
    ]);
  });

  test('what was before outlive looked is none of its business', () => {
    assert.deepEqual(levelsOf({ usedRatio: 0.78, events: { high: 5, max: 5, oomKills: 5 } }), ['normal']);
  });
});
