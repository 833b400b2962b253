import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adopt } from '../../../src/sdk/adopt.ts';
import { scope } from '../../../src/sdk/scope.ts';
import { shutdown } from '../../../src/sdk/start.ts';
import { track } from '../../../src/sdk/track.ts';
import { collectGarbage } from '../observe/observed.ts';
import { engine, startedForEach, sweep } from './started.ts';

startedForEach();

describe('adopt', () => {
  it('lets a thing outlive the request that opened it', () => {
    const client = scope('GET /first', () => {
      const made = {};
      track(made);
      return adopt(made, 'one for the process');
    });
    sweep(100);
    const [origin] = engine().ledger.types.flatMap((type) => [...type.origins]);
    assert.deepEqual([origin?.matured, origin?.adopted, typeof client], [0, 1, 'object']);
  });

  it('hands the thing back, whatever it is and whether outlive runs or not', async () => {
    const thing = Object.freeze({});
    for (const each of [thing, undefined, 'text'] as object[]) assert.equal(adopt(each, 'known'), each);
    assert.equal(adopt(thing, undefined as unknown as string), thing);
    await shutdown();
    assert.equal(adopt(thing, 'known'), thing);
  });

  it('keeps nothing alive', async () => {
    const ref = new WeakRef(adopt({}, 'known'));
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
  });
});
