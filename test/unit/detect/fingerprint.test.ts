import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf } from '../../../src/detect/fingerprint.ts';
import { findingTypeOf } from '../../../src/detect/finding-type-of.ts';
import { findingTypes } from '../../../src/detect/finding.ts';
import { kinds } from '../../../src/lifetime/kind.ts';
import { chargeOf } from './charge.ts';

const { suspicion } = chargeOf({ kind: 'client' });
const place = { file: 'src/orders.ts', line: 12, column: 3, fn: 'handler', text: 'new Client()', stack: 'at handler' };

describe('fingerprint: one cause, one id', () => {
  it('is the same when lines move, restarts and processes come and go', () => {
    const id = fingerprintOf(suspicion, place);
    assert.match(id, /^[0-9a-f]{16}$/);
    assert.equal(fingerprintOf({ ...suspicion, count: 99 }, { ...place, line: 40, column: 9, stack: 'other' }), id);
  });

  it('differs by kind, file, function and the text of the line', () => {
    const ids = [
      fingerprintOf(suspicion, place),
      fingerprintOf({ ...suspicion, kind: 'socket' }, place),
      fingerprintOf(suspicion, { ...place, file: 'src/other.ts' }),
      fingerprintOf(suspicion, { ...place, fn: 'other' }),
      fingerprintOf(suspicion, { ...place, text: 'new Other()' }),
      fingerprintOf(suspicion, undefined),
      fingerprintOf({ ...suspicion, scopeName: 'GET /other' }, undefined),
    ];
    assert.equal(new Set(ids).size, ids.length);
  });

  it('does not change from release to release', () => {
    assert.equal(fingerprintOf(suspicion, place), 'b804f2554eca5e9b');
  });
});

describe('finding types', () => {
  it('are of the closed set, one for each kind', () => {
    assert.deepEqual(Object.keys(findingTypeOf).toSorted(), kinds.toSorted());
    assert.ok(Object.values(findingTypeOf).every((type) => findingTypes.includes(type)));
  });
});
