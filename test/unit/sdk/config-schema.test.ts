import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { breachOf } from '../../../src/sdk/config-check.ts';
import { wrongOption } from '../../../src/sdk/config-schema.ts';
import type { Shape } from '../../../src/sdk/config-shape.ts';
import { defaultOf, optionNames, optionTable, tiers } from '../../../src/sdk/config-table.ts';

/** Values on both sides of every rule of a shape. */
function near(shape: Shape): fc.Arbitrary<unknown> {
  const other = fc.anything();
  switch (shape.type) {
    case 'integer':
      return fc.oneof(other, fc.integer({ min: shape.min - 2, max: shape.max + 2 }), fc.double());
    case 'number':
      return fc.oneof(other, fc.double({ min: shape.min - 2, max: shape.max + 2 }));
    case 'choice':
      return fc.oneof(other, fc.constantFrom(...shape.values), fc.string());
    case 'text':
      return fc.oneof(other, fc.string({ maxLength: shape.maxLength + 2 }));
    case 'secret':
      return fc.oneof(other, fc.webUrl(), fc.string({ maxLength: shape.maxLength + 2 }));
    case 'date':
      return fc.oneof(other, fc.constantFrom('2030-01-31', '2030-13-01', '2030-01-31T00:00:00Z', '2030', 'now'));
    case 'list':
      return fc.oneof(other, fc.array(near(shape.of), { maxLength: 3 }));
    case 'record':
      return fc.oneof(
        other,
        fc.record(Object.fromEntries(Object.entries(shape.fields).map(([field, inner]) => [field, near(inner)])), {
          requiredKeys: [],
        }),
      );
  }
}

describe('config schema', () => {
  for (const name of optionNames) {
    it(`says of ${name} what the hand-written check says, rule and place`, () => {
      fc.assert(
        fc.property(near(optionTable[name]), (value) => {
          fc.pre(value !== undefined);
          const byHand = breachOf(optionTable[name], value, name);
          const byZod = wrongOption({ [name]: value });
          assert.equal(byZod === undefined, byHand === undefined, JSON.stringify({ byZod, byHand }));
        }),
        { numRuns: 300 },
      );
    });

    it(`accepts the defaults of ${name}`, () => {
      for (const tier of tiers) assert.equal(wrongOption({ [name]: defaultOf(name, tier) }), undefined);
    });
  }

  it('names the same place and rule as the hand-written check', () => {
    for (const [name, value] of [
      ['sweepIntervalMs', 1],
      ['hooks', ['http', 'x']],
      ['ignore', [{ id: 'a', reason: '' }]],
      ['ignore', [{ id: 'a', reason: 'b', until: 'x' }]],
      ['ignore', [{ reason: 'b' }]],
      ['ignore', [{ id: 'a', reason: 'b', x: 1 }]],
    ] as const) {
      assert.deepEqual(wrongOption({ [name]: value }), breachOf(optionTable[name], value, name));
    }
  });
});
