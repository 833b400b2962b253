import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokenRule, OutliveError } from '../../../src/sdk/outlive-error.ts';
import { shownValue } from '../../../src/sdk/shown-value.ts';

describe('OutliveError', () => {
  it('is an Error with a name, a code and a remedy', () => {
    const error = new OutliveError('OUTLIVE_ALREADY_STARTED', 'outlive runs already', {
      remedy: 'Call shutdown() first.',
    });
    assert.ok(error instanceof Error);
    assert.equal(String(error), 'OutliveError: outlive runs already. Call shutdown() first.');
    assert.equal(error.code, 'OUTLIVE_ALREADY_STARTED');
    assert.equal(error.remedy, 'Call shutdown() first.');
  });

  it('tells of an argument what it tells of an option', () => {
    const error = brokenRule('OUTLIVE_BAD_ARGUMENT', { path: 'size', rule: 'a function', value: 3 }, 'See watchQueue.');
    assert.equal(error.message, 'Expected `size` to be a function, got `3` (number). See watchQueue.');
  });

  for (const [value, shown] of [
    ['fast', '`fast` (string)'],
    ['a`b\n', '`a?b?` (string)'],
    ['x'.repeat(41), 'a text of 41 characters (string)'],
    ['AKIA1234567890ABCDEF', 'a text of 20 characters (string)'],
    ['amqp://me:pw@host', 'a text of 17 characters (string)'],
    [Number.NaN, '`NaN` (number)'],
    [true, '`true` (boolean)'],
    [undefined, '`undefined`'],
    [10n, '`bigint`'],
    [Symbol('s'), '`symbol`'],
    [() => 'x', '`function`'],
    [null, '`null`'],
    [[1, 2], 'a list of 2'],
    [{ token: 'x' }, 'an object'],
  ] as const) {
    it(`shows ${shown}`, () => assert.equal(shownValue(value), shown));
  }
});
