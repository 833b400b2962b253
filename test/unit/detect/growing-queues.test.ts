import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GrowingQueues } from '../../../src/detect/growing-queues.ts';
import type { Exhaustion } from '../../../src/detect/memory-outlook.ts';
import { type QueueProbe, type QueueSort, Queues, type WatchedQueue } from '../../../src/lifetime/queues.ts';
import { chargesOf } from './charges-of.ts';

function bench(sort: QueueSort, options: Omit<QueueProbe, 'size'> = {}, exhaustion?: Exhaustion) {
  const queues = new Queues({ wallMs: () => 1e9, failed: (_, error) => assert.fail(String(error)) });
  const detector = new GrowingQueues(queues, () => exhaustion);
  let size = 0;
  let sweep = 0;
  const unwatch = queues.watch({ sort, name: 'jobs', site: null, probe: { size: () => size, ...options } });
  const sweepWith = (level: number) => {
    size = Math.max(0, Math.round(level));
    sweep++;
    return chargesOf(detector, sweep, sweep * 10_000);
  };
  return {
    unwatch,
    sweepWith,
    growthPerS: () => detector.growthPerS([...queues][0] as WatchedQueue),
    /** Runs through levels; answers the first sweep with a charge, 0 for none. */
    run(sweeps: number, level: (sweep: number) => number): number {
      let charged = 0;
      for (let i = 0; i < sweeps; i++) if (sweepWith(level(i)).length > 0) charged ||= i + 1;
      return charged;
    },
  };
}

function noise(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('growing queues: a leak', () => {
  test('a backlog that grows with every sweep is accused after 88 sweeps, with its rate', () => {
    const b = bench('queue', { capacity: 3740 });
    const at = b.run(89, (i) => 10 * i);
    assert.equal(at, 88);
    const { suspicion } = b.sweepWith(890)[0] ?? assert.fail();
    assert.equal(suspicion.type, 'growing_queue');
    assert.equal(suspicion.kind, 'queue');
    assert.equal(suspicion.resourceType, 'jobs');
    assert.equal(suspicion.count, 890);
    assert.equal(suspicion.pattern, 'linear');
    assert.ok(Math.abs((suspicion.rate?.value ?? 0) - 3600) < 1);
    assert.match(suspicion.advice, /capacity of 3740 is reached in about 48 min \(95 %: 4\d min to (4[89]|5\d) min\)/);
    assert.equal(suspicion.severity, 'warning');
    assert.ok(Math.abs(b.growthPerS() - 1) < 0.01);
  });

  test('a noisy one under bursts is accused all the same', () => {
    const random = noise(3);
    const b = bench('queue');
    assert.ok(b.run(320, (i) => 4 * i + 60 * random() + (i % 20 < 5 ? 80 : 0)) > 0);
  });

  test('one that is full within 10 minutes is critical', () => {
    const b = bench('queue', { capacity: 940 });
    b.run(89, (i) => 10 * i);
    assert.equal(b.sweepWith(890)[0]?.suspicion.severity, 'critical');
    assert.match(b.sweepWith(940)[0]?.suspicion.advice ?? '', /capacity of 940 is reached$/);
  });

  test('what comes in and goes out a second is told where the age of its oldest item is known', () => {
    let waitedMs = 0;
    const b = bench('queue', { oldest: () => 1e9 - waitedMs });
    // 5 a second come in, 4 go out: the oldest of n items came n / 5 s ago
    for (let i = 0; i < 90; i++) {
      waitedMs = (10 * i * 1000) / 5;
      b.sweepWith(10 * i);
    }
    assert.match(b.sweepWith(890)[0]?.suspicion.advice ?? '', /\(about 5 in and 4 out a second\)/);
  });

  test('one without a capacity ends where memory does', () => {
    const limit = { source: 'cgroup', bytes: 512e6, usedBytes: 400e6 } as const;
    const exhaustion = {
      limit,
      pool: 'resident',
      hours: 3,
      soonestHours: 2.5,
      latestHours: 3.6,
      watchedHours: 2,
    } as const;
    const b = bench('queue', {}, exhaustion);
    b.run(89, (i) => 10 * i);
    assert.match(b.sweepWith(890)[0]?.suspicion.advice ?? '', /memory is full in about 3 h \(95 %: 2.5 h to 3.6 h\)/);
  });

  test('a collection that only grows is accused after 88 sweeps', () => {
    const b = bench('collection');
    assert.equal(
      b.run(200, (i) => 10 * i),
      88,
    );
    assert.equal(b.sweepWith(2000)[0]?.suspicion.type, 'growing_collection');
  });

  test('one that begins to grow in the midst of a window is told as soon', () => {
    const random = noise(11);
    let size = 500;
    const b = bench('collection');
    const at = b.run(260, (i) => (size += i < 100 ? 0 : 90 + 20 * random()));
    assert.ok(at > 100 && at <= 168, String(at));
  });

  test('one that grows by dozens each two minutes is, when there are steps enough to tell', () => {
    assert.ok(bench('collection').run(1200, (i) => 40 * Math.floor(i / 12)) > 0);
  });

  test('a collection that grows ever faster is', () => {
    assert.ok(bench('collection').run(128, (i) => 20 * 2 ** (i / 24)) > 0);
  });

  test('a backlog that grows by one in fifty sweeps is, within a day', () => {
    const at = bench('queue').run(8640, (i) => Math.floor(i / 50));
    assert.ok(at > 0, String(at));
  });

  test('a backlog that pauses for a minute each ten minutes is, when it has outlasted what lies between', () => {
    const random = noise(13);
    let size = 0;
    const at = bench('queue').run(600, (i) => (size += i % 60 < 54 ? 15 + 10 * random() : 0));
    assert.ok(at > 0 && at <= 288, String(at));
  });

  test('a queue that was healthy for hours and then only grows is', () => {
    const b = bench('queue');
    assert.equal(
      b.run(1000, (i) => 20 + 20 * Math.sin(i)),
      0,
    );
    assert.ok(b.run(160, (i) => 20 + 10 * i) > 0);
  });
});

describe('growing queues: look-alikes stay silent', () => {
  const silent: Record<string, [QueueSort, { capacity?: number }, (sweep: number) => number]> = {
    'an empty queue': ['queue', {}, () => 0],
    'bursts of 50 sweeps that drain in 50': [
      'queue',
      {},
      (i) => (i % 100 < 50 ? 12 * (i % 100) : 12 * (100 - (i % 100))),
    ],
    'a burst of 300 jobs each few sweeps': ['queue', {}, (i) => 300 - 40 * (i % 7)],
    'a full buffer': ['queue', { capacity: 64 }, () => 64],
    'a slow swing whose first rise is short': ['queue', {}, (i) => 500 - 500 * Math.cos((2 * Math.PI * i) / 110)],
    'a cache that warms up': ['collection', {}, (i) => 10_000 * (1 - Math.exp(-i / 60))],
    'an LRU cache that fills to its bound': ['collection', { capacity: 5000 }, (i) => Math.min(5000, 20 * i)],
    'sessions with a time to live': ['collection', {}, (i) => 40 * Math.min(i, 60) + 10 * (i % 3)],
    'a job that fills it for ten minutes, and leaves it to drain': [
      'queue',
      {},
      (i) => (i % 600 < 60 ? 20 * (i % 600) : Math.max(0, 1200 - 3 * ((i % 600) - 60))),
    ],
    'two jobs of ten minutes, one right after the other, before any was seen to drain': [
      'queue',
      {},
      (() => {
        const random = noise(15);
        let level = 0;
        const isFilled = (i: number): boolean => (i >= 92 && i < 152) || (i >= 157 && i < 217);
        return (i: number) => (level = Math.max(0, level + (isFilled(i) ? 200 + 200 * random() : 0) - 10));
      })(),
    ],
    'a map that meets its keys, ever fewer new ones': ['collection', {}, (i) => 100 * i ** 0.65],
    'sessions with a time to live, while the load rises all morning': [
      'collection',
      {},
      (() => {
        const random = noise(5);
        let sessions = 0;
        return (i: number) => {
          for (let opens = 2 + (30 * Math.min(i, 1200)) / 1200; opens > 0; opens--) if (random() < opens) sessions++;
          for (let held = sessions; held > 0; held--) if (random() < 1 / 60) sessions--;
          return sessions;
        };
      })(),
    ],
    'a queue whose worker is nearly always busy': [
      'queue',
      {},
      (() => {
        const random = noise(7);
        let level = 0;
        return () => (level = Math.max(0, level + 40 * (random() - 0.5) - 0.4));
      })(),
    ],
    'a walk at chance about a level': [
      'queue',
      {},
      (() => {
        const random = noise(9);
        let level = 300;
        return () => (level += 20 * (random() - 0.5) + 0.02 * (300 - level));
      })(),
    ],
  };
  for (const [name, [sort, options, level]] of Object.entries(silent)) {
    test(name, () => assert.equal(bench(sort, options).run(1200, level), 0));
  }

  test('a day whose backlog rises for 200 sweeps is told of once and not on the days after', () => {
    const b = bench('queue');
    const day = (i: number): number => (i % 500 < 200 ? 10 * (i % 500) : Math.max(0, 2000 - 20 * ((i % 500) - 200)));
    b.run(500, day);
    assert.equal(b.run(3000, day), 0);
  });
});

describe('growing queues: when it is over', () => {
  test('drained after all: resolved', () => {
    const b = bench('queue');
    b.run(100, (i) => 10 * i);
    const [charge] = b.sweepWith(1000);
    assert.deepEqual(b.sweepWith(300), []);
    assert.equal(charge?.whenGone(), 'resolved');
    assert.equal(b.growthPerS(), 0);
  });

  test('a collection that stays at a level is taken back', () => {
    const b = bench('collection');
    b.run(200, (i) => 10 * i);
    const [charge] = b.sweepWith(2000);
    b.run(130, () => 2000);
    assert.deepEqual(b.sweepWith(2000), []);
    assert.equal(charge?.whenGone(), 'retracted');
  });

  test('a queue that stays long stands', () => {
    const b = bench('queue');
    b.run(100, (i) => 10 * i);
    b.run(300, () => 1000);
    assert.equal(b.sweepWith(1000).length, 1);
    assert.equal(b.growthPerS(), 0);
  });

  test('nobody watches it any more: no charge', () => {
    const b = bench('queue');
    b.run(100, (i) => 10 * i);
    b.unwatch();
    assert.deepEqual(b.sweepWith(1010), []);
  });
});
