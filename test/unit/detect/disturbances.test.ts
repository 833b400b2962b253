import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Disturbances } from '../../../src/detect/disturbances.ts';
import type { Origin } from '../../../src/lifetime/origin.ts';
import { ledgered } from '../lifetime/ledgered.ts';

/** Origins of so many scopes. */
function origins(count: number): Origin[] {
  const { ledger, origin, request } = ledgered();
  return Array.from({ length: count }, (_, i) => {
    const of = origin(i);
    const nursery = request(`GET /${i}`);
    ledger.endScope(nursery);
    of.scope = nursery.scope;
    return of;
  });
}

describe('disturbances', () => {
  it('are when half of all sorts of work are late at one time, and pass', () => {
    const disturbances = new Disturbances();
    for (const origin of origins(4)) disturbances.note(origin, 300);
    assert.ok(disturbances.isDisturbed(301) && disturbances.isDisturbed(470));
    assert.ok(!disturbances.isDisturbed(500));
  });

  it('are not what one sort of work does, in however many places', () => {
    const disturbances = new Disturbances();
    const [first, ...others] = origins(6);
    for (const other of others) other.scope = first?.scope;
    for (const origin of others) disturbances.note(origin, 300);
    assert.ok(!disturbances.isDisturbed(301));
  });

  it('are not what a few of many do now and then', () => {
    const disturbances = new Disturbances();
    const all = origins(20);
    all.forEach((origin, i) => disturbances.note(origin, 100 * i));
    for (const origin of all.slice(0, 4)) disturbances.note(origin, 5_000);
    assert.ok(!disturbances.isDisturbed(5_001));
  });

  it('cannot be told of at the start, when everything is new', () => {
    const disturbances = new Disturbances();
    for (const origin of origins(4)) disturbances.note(origin, 20);
    assert.ok(!disturbances.isDisturbed(21));
  });
});
