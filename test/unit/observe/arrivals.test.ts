import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Arrivals } from '../../../src/observe/arrivals.ts';

/** One item comes every `everyMs`; so many wait at the end. */
function arrived(items: number, everyMs: number) {
  const arrivals = new Arrivals(0, 0);
  let nowMs = 0;
  for (let i = 0; i < items; i++) {
    nowMs += everyMs;
    arrivals.add(() => nowMs);
  }
  return arrivals;
}

test('arrivals: since when the oldest waits, where few came', () => {
  const arrivals = arrived(10, 100);
  assert.equal(arrivals.oldestMs(10, 1000), 100);
  assert.equal(arrivals.oldestMs(3, 1000), 800);
  assert.equal(arrivals.oldestMs(1, 1000), 1000);
});

test('arrivals: an empty queue has no oldest, and what came before is forgotten', () => {
  const arrivals = arrived(10, 100);
  assert.equal(arrivals.oldestMs(0, 5000), undefined);
  arrivals.add(() => 6000);
  assert.equal(arrivals.oldestMs(1, 7000), 6000);
});

test('arrivals: what waited when it was first seen has waited since then at least', () => {
  const arrivals = new Arrivals(50, 400);
  arrivals.add(() => 900);
  assert.equal(arrivals.oldestMs(51, 1000), 400);
  assert.equal(arrivals.oldestMs(1, 1000), 900);
});

test('arrivals: items that left without a look, and more that wait than came, are no error', () => {
  assert.equal(new Arrivals(0, 0).oldestMs(5, 1000), undefined);
  assert.equal(arrived(3, 100).oldestMs(7, 1000), 100);
  assert.equal(new Arrivals(0, 0).oldestMs(-1, 1000), undefined);
});

test('arrivals: of a million that come the age is right to a twentieth', () => {
  for (const waiting of [1_000_000, 500_000, 33_333, 20_000]) {
    const arrivals = arrived(1_000_000, 1);
    const ageMs = 1_000_000 - (arrivals.oldestMs(waiting, 1_000_000) ?? 0);
    assert.ok(Math.abs(ageMs - waiting) <= waiting / 20, `${waiting} wait, told ${ageMs} ms`);
  }
});

test('arrivals: in a queue that is looked at and drains, the age stays right however it comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(400)), { minLength: 1, maxLength: 60 }), (turns) => {
      const arrivals = new Arrivals(0, 0);
      const waits: number[] = [];
      let nowMs = 1000;
      for (const [come, go] of turns) {
        for (let i = 0; i < come; i++) {
          nowMs++;
          arrivals.add(() => nowMs);
          waits.push(nowMs);
        }
        waits.splice(0, go);
        nowMs += 10;
        const told = arrivals.oldestMs(waits.length, nowMs);
        const spanMs = nowMs - (waits[0] ?? nowMs);
        assert.equal(told === undefined, waits.length === 0);
        if (told !== undefined)
          assert.ok(
            told <= nowMs && Math.abs(told - (waits[0] ?? 0)) <= 20 + spanMs / 4,
            `${told} for ${waits[0]} at ${nowMs}`,
          );
      }
    }),
    { numRuns: 200 },
  );
});
