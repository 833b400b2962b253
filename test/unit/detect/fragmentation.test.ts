import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Charge } from '../../../src/detect/detector.ts';
import { Fragmentation, type HeldMemory } from '../../../src/detect/fragmentation.ts';
import { chargesOf } from './charges-of.ts';
import { mb, minuteMs } from './memory-samples.ts';

interface Held {
  readonly rss?: number | undefined;
  readonly committed?: number;
  readonly used?: number;
  readonly limit?: number;
}

const heldOf = ({ rss, committed = 100, used = 80, limit = 24_000 }: Held): HeldMemory => ({
  rssBytes: rss === undefined ? undefined : rss * mb,
  heapTotalBytes: committed * mb,
  externalBytes: 0,
  mallocedBytes: 0,
  spaces: [
    { name: 'old_space', usedBytes: used * mb, committedBytes: committed * mb },
    { name: 'new_space', usedBytes: 0, committedBytes: 500 * mb },
  ],
  limits: [{ source: 'host', bytes: limit * mb }],
});

/** Looks once a minute; answers the charges of the last minute, and the first minute with one. */
function run(minutes: number, at: (minute: number) => Held): { last: Charge[]; first: number | undefined } {
  let held = heldOf({ rss: 200 });
  const rule = new Fragmentation(() => held, 5 * minuteMs);
  let last: Charge[] = [];
  let first: number | undefined;
  for (let i = 0; i < minutes; i++) {
    held = heldOf(at(i));
    last = chargesOf(rule, i, i * minuteMs);
    if (last.length > 0) first ??= i;
  }
  return { last, first };
}

describe('FRAG-002: fragmentation', () => {
  test('a heap space that is kept for little over a window is told, with how much', () => {
    const { last, first } = run(40, (i) => (i < 15 ? { rss: 200 } : { rss: 500, committed: 400, used: 100 }));
    const [charge] = last;
    assert.equal(last.length, 1);
    assert.equal(charge?.suspicion.type, 'fragmentation');
    assert.equal(charge.suspicion.resourceType, 'old_space');
    assert.equal(charge.suspicion.severity, 'info');
    assert.equal(charge.suspicion.bytes, 300 * mb);
    assert.match(charge.suspicion.advice, /300 MB of the 400 MB of old_space are held and not used \(75 %\)/);
    assert.ok(first !== undefined && first >= 19, `first at ${first}`);
  });

  test('resident memory that belongs to nothing known is told; what Node itself takes is known', () => {
    assert.deepEqual(run(40, () => ({ rss: 400 })).last, []);
    const { last } = run(60, (i) => ({ rss: i < 20 ? 200 : 500 }));
    assert.equal(last[0]?.suspicion.resourceType, 'resident memory');
    assert.equal(last[0]?.suspicion.bytes, 300 * mb);
    assert.match(last[0]?.suspicion.advice ?? '', /MALLOC_ARENA_MAX/);
  });

  test('a quarter of the nearest limit is a warning', () => {
    assert.equal(run(60, (i) => ({ rss: i < 20 ? 200 : 500, limit: 1000 })).last[0]?.suspicion.severity, 'warning');
  });

  test('it ends when it is given back', () => {
    const { last } = run(70, (i) => (i < 15 || i > 60 ? { rss: 200 } : { rss: 500, committed: 400, used: 100 }));
    assert.deepEqual(last, []);
  });
});

describe('fragmentation: look-alikes stay silent', () => {
  const silent: Record<string, (minute: number) => Held> = {
    'a heap that fills with garbage and is emptied': (i) => ({ rss: 500, committed: 400, used: 100 + 60 * (i % 6) }),
    'memory of other threads': (i) => ({ rss: i < 20 ? 200 : undefined }),
    'the first two windows': (i) => (i < 9 ? { rss: 500, committed: 400, used: 100 } : {}),
    'a small heap, however empty': () => ({ committed: 100, used: 5 }),
    'less than a fifth of a large one': () => ({ rss: 2000, committed: 1500, used: 1300 }),
  };
  for (const [name, at] of Object.entries(silent)) {
    test(name, () => assert.equal(run(120, at).first, undefined));
  }
});
