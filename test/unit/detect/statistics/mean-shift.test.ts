import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noShift, type ShiftEvidence, stepShift } from '../../../../src/detect/statistics/mean-shift.ts';
import { normals } from './random.ts';

const shift = { mean: 100, deviation: 10, rise: 1 };
const threshold = Math.log(1000);

test('mean shift: a rise by two deviations is seen within ten values, healthy ones before or not', () => {
  const noise = normals(3);
  for (const healthy of [0, 500]) {
    let evidence = noShift;
    for (let i = 0; i < healthy; i++) evidence = stepShift(evidence, 100 + 10 * noise(), shift);
    let values = 0;
    for (; evidence.logShiryaevRoberts < threshold; values++) {
      evidence = stepShift(evidence, 120 + 10 * noise(), shift);
    }
    assert.ok(values <= 10, String(values));
  }
});

test('mean shift: healthy values raise one alarm in a thousand at most, by either sum', () => {
  for (const sum of ['logCusum', 'logShiryaevRoberts'] as const) {
    const noise = normals(8);
    let [evidence, alarms] = [noShift, 0];
    for (let i = 0; i < 100_000; i++) {
      evidence = stepShift(evidence, 100 + 10 * noise(), shift);
      if (evidence[sum] >= threshold) [evidence, alarms] = [noShift, alarms + 1];
    }
    assert.ok(alarms <= 120, `${sum}: ${alarms}`);
  }
});

test('mean shift: what fell is no evidence, and never less than none', () => {
  const fallen = Array.from({ length: 50 }).reduce<ShiftEvidence>((before) => stepShift(before, 50, shift), noShift);
  assert.equal(fallen.logCusum, 0);
  assert.ok(fallen.logShiryaevRoberts < 0);
});

test('mean shift: evidence stays a number, and no deviation or no value changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 99 }), (values) => {
      const { logCusum } = values.reduce((before, value) => stepShift(before, value, shift), noShift);
      assert.ok(Number.isFinite(logCusum) && logCusum >= 0);
    }),
  );
  assert.equal(stepShift(noShift, 100, { ...shift, deviation: 0 }), noShift);
  assert.equal(stepShift(noShift, NaN, shift), noShift);
});
