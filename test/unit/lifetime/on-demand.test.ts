import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OnDemand } from '../../../src/lifetime/on-demand.ts';

test('on demand: it begins when it is wanted, once, and ends when it is not', () => {
  const told: string[] = [];
  const look = new OnDemand();
  look.want(true);
  assert.equal(look.underWay, false);
  const withdraw = look.offer(() => (told.push('begin'), () => void told.push('end')));
  look.want(true);
  look.want(true);
  assert.equal(look.underWay, true);
  look.want(false);
  look.want(false);
  look.want(true);
  withdraw();
  assert.deepEqual(told, ['begin', 'end', 'begin', 'end']);
  look.want(true);
  assert.equal(look.underWay, false);
});

test('on demand: a withdrawn offer does not end a later one', () => {
  const look = new OnDemand();
  const withdraw = look.offer(() => () => {});
  look.offer(() => () => {});
  look.want(true);
  withdraw();
  assert.equal(look.underWay, true);
});
