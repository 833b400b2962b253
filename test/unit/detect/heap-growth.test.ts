import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Charge } from '../../../src/detect/detector.ts';
import { HeapGrowth } from '../../../src/detect/heap-growth.ts';
import { floorWindowOf } from '../../../src/detect/heap-patience.ts';
import { HeapFloors } from '../../../src/lifetime/heap-floors.ts';
import { SiteTable } from '../../../src/lifetime/site-table.ts';
import { chargesOf } from './charges-of.ts';
import { frame, ownership, SampledHeap } from './heap-profiled.ts';

const handler = frame('/app/server.js', 12, 'handler');
const library = frame('/app/node_modules/cache/index.js', 7, 'set');
const sweepMs = 1_000;
const kb = 1024;

/** A service on a told clock: a major collection every ten sweeps, or as often as said. */
class Service {
  readonly heap = new SampledHeap();
  readonly floors: HeapFloors;
  readonly detector: HeapGrowth;
  explainedBytes = 0;
  isPressed = false;
  sweep = 0;
  readonly #majorEvery: number;
  readonly #sweepMs: number;

  constructor({ majorEvery = 10, everyMs = sweepMs } = {}) {
    this.#majorEvery = majorEvery;
    this.#sweepMs = everyMs;
    this.floors = new HeapFloors(floorWindowOf(everyMs));
    const sites = new SiteTable(ownership);
    this.detector = new HeapGrowth({
      floors: this.floors,
      profiler: this.heap,
      ownership,
      siteOf: (frames) => sites.siteOf(frames),
      explainedBytes: () => this.explainedBytes,
      isPressed: () => this.isPressed,
    });
  }

  charges() {
    return chargesOf(this.detector, this.sweep, this.sweep * this.#sweepMs);
  }

  /** @returns the sweep of the first charge, 0 for none */
  run(sweeps: number, step: (sweep: number, heap: SampledHeap) => void): number {
    let first = 0;
    for (let i = 0; i < sweeps; i++) {
      this.sweep++;
      this.heap.garbage(20);
      step(this.sweep, this.heap);
      if (this.sweep % this.#majorEvery === 0) this.floors.add(this.heap.floor(this.sweep * this.#sweepMs));
      if (this.charges().length > 0 && first === 0) first = this.sweep;
    }
    return first;
  }
}

const leak = (_: number, heap: SampledHeap): void => void heap.born([library, handler], 8 * kb);

describe('heap growth: a leak', () => {
  test('a function whose allocations stay is told with its line, its bytes and what they gain an hour', () => {
    const service = new Service();
    const at = service.run(200, leak);
    assert.ok(at >= 140 && at <= 190, `told at sweep ${at}`);
    const [{ suspicion } = assert.fail(), ...others] = service.charges();
    assert.deepEqual(others, []);
    assert.equal(suspicion.type, 'heap_growth');
    assert.equal(suspicion.kind, 'heap');
    assert.deepEqual(suspicion.site?.frame, handler);
    assert.deepEqual(suspicion.site?.libraries, ['cache']);
    assert.ok(suspicion.bytes > 400 * kb);
    const perHour = 3600 * 8 * kb;
    const { rate } = suspicion;
    assert.ok(rate !== undefined && rate.low < perHour && rate.high > perHour);
    assert.match(suspicion.advice, /allocated here by cache is kept, \d+ % of all that the heap gains/);
    assert.match(suspicion.retainedBy ?? '', /allocated through set \(cache\)/);
  });

  test('what is seen to go only after it was told is a queue: told as that, and taken back as what is kept', () => {
    const service = new Service();
    const waiting: (() => void)[] = [];
    const step = (sweep: number, heap: SampledHeap): void => {
      if (sweep > 80 || sweep % 2 === 0) waiting.push(heap.born([library, handler], 8 * kb));
      if (sweep > 165 && sweep % 2 === 0) waiting.shift()?.();
    };
    const told: Charge[] = [];
    for (let i = 0; i < 260; i++) {
      service.run(1, step);
      const [charge, ...others] = service.charges();
      assert.deepEqual(others, []);
      if (charge !== undefined) told.push(charge);
    }
    const kept = told.findLast(({ suspicion }) => suspicion.type === 'heap_growth') ?? assert.fail();
    const queue = told.at(-1) ?? assert.fail();
    assert.equal(queue.suspicion.type, 'growing_queue');
    assert.notEqual(queue.key, kept.key);
    assert.deepEqual([kept.whenGone(), queue.whenGone()], ['retracted', 'resolved']);
  });

  test('of which half goes when it is old, as of compiled code, is no queue', () => {
    const service = new Service();
    const code: (() => void)[] = [];
    const at = service.run(300, (sweep, heap) => {
      heap.born([library, handler], 4 * kb);
      code.push(heap.born([library, handler], 4 * kb));
      if (sweep > 150) code.shift()?.();
    });
    assert.ok(at > 0);
    assert.deepEqual(
      service.charges().map(({ suspicion }) => suspicion.type),
      ['heap_growth'],
    );
  });

  test('is told after an hour and a half where sweeps are ten seconds apart: what fills after a start takes as long', () => {
    const at = new Service({ everyMs: 10_000 }).run(800, leak);
    assert.ok(at >= 540 && at <= 760, `told at sweep ${at}`);
    const filling = new Service({ everyMs: 10_000 }).run(4000, (sweep, heap) => {
      heap.born([library, handler], 16 * kb * Math.exp(-sweep / 240));
    });
    assert.equal(filling, 0);
    let flush: (() => void)[] = [];
    const batches = new Service({ everyMs: 10_000 }).run(2000, (sweep, heap) => {
      flush.push(heap.born([library, handler], 8 * kb));
      if (sweep % 360 !== 0) return;
      for (const letGo of flush) letGo();
      flush = [];
    });
    assert.equal(batches, 0);
  });

  test('near a limit of memory nobody waits for that: it is told within twenty minutes', () => {
    const service = new Service({ everyMs: 10_000 });
    assert.equal(service.run(300, leak), 0);
    service.isPressed = true;
    const at = service.run(120, leak);
    assert.ok(at > 300 && at <= 420, `told at sweep ${at}`);
    const hurried = new Service();
    hurried.run(120, leak);
    hurried.isPressed = true;
    assert.ok(hurried.run(80, leak) > 0, 'where nobody waits anyway the look goes on');
    assert.equal(hurried.heap.starts, 1);
    const atRest = new Service({ everyMs: 10_000 });
    atRest.isPressed = true;
    assert.equal(
      atRest.run(600, (sweep, heap) => (heap.bytes += sweep % 2 === 0 ? 30_000 : -30_000)),
      0,
    );
  });

  test('nothing is sampled before the floor rises, and no longer than it takes', () => {
    const service = new Service();
    service.run(100, () => {});
    assert.equal(service.heap.starts, 0);
    service.run(500, leak);
    assert.equal(service.heap.starts, 1);
    assert.equal(service.heap.isRunning, false);
    assert.ok(service.heap.reads <= 7, `${service.heap.reads} reads`);
  });

  test('with few major collections it takes longer', () => {
    const service = new Service({ majorEvery: 60 });
    assert.ok(service.run(600, leak) > 0);
  });

  test('what fails does not leave the profiler running', () => {
    const service = new Service();
    service.heap.read = () => assert.fail('the inspector is gone');
    assert.throws(() => service.run(300, leak), /the inspector is gone/);
    assert.equal(service.heap.isRunning, false);
  });

  test('where no read is affordable now, it waits for one', () => {
    const service = new Service();
    service.heap.affordable = false;
    assert.equal(service.run(300, leak), 0);
    assert.equal(service.heap.reads, 0);
    service.heap.affordable = true;
    assert.ok(service.run(200, leak) > 0);
  });

  test('one that goes on for days is seen over the whole life', () => {
    const service = new Service();
    assert.ok(
      service.run(6000, (sweep, heap) => {
        heap.bytes += sweep % 20 < 10 ? 60 * kb : -60 * kb;
        if (sweep % 8 === 0) heap.born([handler], 4 * kb);
      }) > 0,
    );
  });
});

describe('heap growth: look-alikes', () => {
  test('a heap at rest', () => {
    const service = new Service();
    assert.equal(
      service.run(1000, (sweep, heap) => (heap.bytes += sweep % 2 === 0 ? 30_000 : -30_000)),
      0,
    );
    assert.equal(service.heap.starts, 0);
  });

  test('a cache that fills up within a hundred sweeps', () => {
    const service = new Service();
    assert.equal(
      service.run(600, (sweep, heap) => {
        if (sweep < 120) heap.born([handler], 8 * kb);
      }),
      0,
    );
  });

  test('a full cache that throws out as much as it takes in', () => {
    const entries: (() => void)[] = [];
    const service = new Service();
    assert.equal(
      service.run(800, (_, heap) => {
        entries.push(heap.born([handler], 8 * kb));
        if (entries.length > 110) entries.shift()?.();
      }),
      0,
    );
  });

  test('a warm-up that slows down', () => {
    const service = new Service();
    assert.equal(
      service.run(800, (sweep, heap) => heap.born([handler], Math.round(64 * kb * Math.exp(-sweep / 40)))),
      0,
    );
  });

  test('a backlog that builds up and drains', () => {
    const jobs: (() => void)[] = [];
    const service = new Service();
    assert.equal(
      service.run(1200, (sweep, heap) => {
        for (let i = 0; i < (sweep % 100 < 50 ? 4 : 1); i++) jobs.push(heap.born([handler], 8 * kb));
        for (let i = 0; i < (sweep % 100 < 50 ? 1 : 4); i++) jobs.shift()?.();
      }),
      0,
    );
  });

  test('growth that the findings that stand account for is not looked into', () => {
    const service = new Service();
    service.explainedBytes = 1e9;
    assert.equal(service.run(400, leak), 0);
    assert.equal(service.heap.starts, 0);
  });

  test('growth without a place: a pause after the look, and a longer one after each more', () => {
    const service = new Service();
    assert.equal(
      service.run(3000, (_, heap) => (heap.bytes += 20 * kb)),
      0,
    );
    assert.ok(service.heap.starts >= 2 && service.heap.starts <= 6, `${service.heap.starts} starts`);
    assert.ok(service.heap.reads <= 7 * service.heap.starts);
  });

  test('a profiler that is off or taken is not asked at each sweep', () => {
    const service = new Service();
    service.heap.isOn = false;
    assert.equal(service.run(2000, leak), 0);
    assert.ok(service.heap.starts <= 5, `${service.heap.starts} starts`);
  });
});

/** A leak that is told, and let go together with what else happens. */
function isResolvedAfter(andThen: (service: Service) => void): void {
  const kept: (() => void)[] = [];
  const service = new Service();
  assert.ok(service.run(300, (_, heap) => kept.push(heap.born([handler], 8 * kb))) > 0);
  const [charge = assert.fail()] = service.charges();
  for (const letGo of kept) letGo();
  andThen(service);
  service.run(300, () => {});
  assert.deepEqual(service.charges(), []);
  assert.equal(charge.whenGone(), 'resolved');
}

describe('heap growth: the end', () => {
  test('a late release resolves it', () => {
    isResolvedAfter(() => {});
  });

  test('one that comes at once, before the next collection, does too', () => {
    const kept: (() => void)[] = [];
    const service = new Service();
    let charge: Charge | undefined;
    for (let i = 0; i < 400 && charge === undefined; i++) {
      service.run(1, (_, heap) => kept.push(heap.born([handler], 8 * kb)));
      [charge] = service.charges();
    }
    for (const letGo of kept) letGo();
    service.run(300, () => {});
    assert.deepEqual(service.charges(), []);
    assert.equal(charge?.whenGone(), 'resolved');
  });

  test('one that falls together with a flush of code does too', () => {
    isResolvedAfter(({ heap }) => void (heap.codeBytes -= 600 * kb));
  });

  test('growth that only levels out was a cache, and is taken back', () => {
    const service = new Service();
    assert.ok(service.run(260, leak) > 0);
    const [charge = assert.fail()] = service.charges();
    service.run(400, () => {});
    assert.deepEqual(service.charges(), []);
    assert.equal(charge.whenGone(), 'retracted');
  });

  test('while it grows it stands', () => {
    const service = new Service();
    const at = service.run(300, leak);
    assert.ok(at > 0);
    for (let i = 0; i < 1500; i++) {
      service.run(1, leak);
      assert.equal(service.charges().length, 1);
    }
  });
});
