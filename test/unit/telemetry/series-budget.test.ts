import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sureSeries, maxScalarSeries } from '../../../src/telemetry/scalar-groups.ts';
import { SeriesBudget } from '../../../src/telemetry/series-budget.ts';

test('what was granted stays granted, and is counted once', () => {
  const budget = new SeriesBudget(1, { a: 0 });
  assert.deepEqual([budget.allows('a', 'x'), budget.allows('a', 'y'), budget.allows('a', 'x')], [true, false, true]);
  assert.equal(budget.exhausted, true);
});

test('a group gets what it is sure of, whoever came before it', () => {
  const budget = new SeriesBudget(5, { greedy: 0, late: 2 });
  const taken = ['a', 'b', 'c', 'd'].map((key) => budget.allows('greedy', key));
  assert.deepEqual(taken, [true, true, true, false]);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => budget.allows('late', key)),
    [true, true, false],
  );
});

test('a budget that promises more than it has is an error of ours', () => {
  assert.throws(() => new SeriesBudget(1, { a: 2 }), RangeError);
  for (const runtime of [true, false])
    assert.doesNotThrow(() => new SeriesBudget(maxScalarSeries, sureSeries(runtime)));
});

test('property: the sum of the weights granted never exceeds the budget, in any order', () => {
  const asked = fc.array(
    fc.tuple(fc.constantFrom<'a' | 'b' | 'c'>('a', 'b', 'c'), fc.nat(30), fc.integer({ min: 1, max: 12 })),
  );
  fc.assert(
    fc.property(asked, (requests) => {
      const budget = new SeriesBudget(60, { a: 20, b: 5, c: 0 });
      const granted = new Map<string, number>();
      for (const [group, key, weight] of requests) {
        const id = `${group} ${key}`;
        const allowed = budget.allows(group, id, granted.get(id) ?? weight);
        assert.ok(allowed || !granted.has(id));
        if (allowed && !granted.has(id)) granted.set(id, weight);
      }
      assert.ok([...granted.values()].reduce((sum, weight) => sum + weight, 0) <= 60);
    }),
  );
});
