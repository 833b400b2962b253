import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { growingPlaces } from '../../../src/detect/heap-growing-places.ts';
import { HeapPlaces } from '../../../src/detect/heap-places.ts';
import type { HeapFloor } from '../../../src/lifetime/heap-floors.ts';
import { frame, ownership, SampledHeap } from './heap-profiled.ts';

const handler = frame('/app/server.js', 12, 'handler');
const other = frame('/app/other.js', 3, 'other');
const library = frame('/app/node_modules/metrics/index.js', 7, 'observe');
const kb = 1024;

/** Runs windows of a heap, each followed by a read; answers the functions that grow after the last. */
function growing(windows: number, step: (heap: SampledHeap, window: number) => void, atLeisure = false) {
  const heap = new SampledHeap();
  const places = new HeapPlaces(ownership);
  const floors: HeapFloor[] = [];
  for (let window = 0; window < windows; window++) {
    step(heap, window);
    places.add(heap.stacks());
    floors.push(heap.floor(60_000 * window));
  }
  const [last = 0, before = 0] = floors.toReversed().map(({ bytes }) => bytes);
  return growingPlaces(places, {
    floorGain: last - (floors[0]?.bytes ?? 0),
    lastFloorGain: last - before,
    atLeisure,
  });
}
const names = (of: ReturnType<typeof growing>): string[] => of.map(({ frames }) => frames.at(-1)?.fn ?? '');

describe('growing places: a leak', () => {
  test('what is allocated and kept in each window is told after three reads, with its share of the growth', () => {
    const leak = (heap: SampledHeap): void => {
      heap.born([handler], 32 * kb, 5);
      heap.bytes += 40 * kb;
    };
    assert.deepEqual(growing(2, leak), []);
    const [place] = growing(3, leak);
    assert.equal(place?.bytes, 15 * 32 * kb);
    assert.equal(place.gainBytes, 10 * 32 * kb);
    assert.equal(place.flows, false);
    assert.ok(Math.abs(place.share - 0.8) < 0.01);
  });

  test('one beside work in flight at the same function is told at leisure too: the profile began with none of that', () => {
    let letGo = (): void => {};
    const leak = (heap: SampledHeap): void => {
      letGo();
      heap.born([handler], 32 * kb, 50);
      letGo = heap.born([handler], 32 * kb, 15);
    };
    const [place] = growing(4, leak, true);
    assert.equal(place?.flows, false);
  });

  test('one of less than 48 kB is told once it has gained more', () => {
    const leak = (heap: SampledHeap): void => {
      heap.born([handler], 2 * kb, 10);
      heap.bytes += 10 * kb;
    };
    assert.deepEqual(names(growing(3, leak)), []);
    assert.deepEqual(names(growing(4, leak)), ['handler']);
  });

  test('a queue is told once it has gained 96 kB: what comes and goes moves by more than what is kept', () => {
    const waiting: (() => void)[] = [];
    const queue = (heap: SampledHeap, window: number): void => {
      for (let i = 0; i < 60; i++) waiting.push(heap.born([handler], kb));
      for (let i = 0; i < (window === 0 ? 0 : 40); i++) waiting.shift()?.();
      heap.garbage(1000);
    };
    assert.deepEqual(names(growing(5, queue)), []);
    assert.deepEqual(names(growing(6, queue)), ['handler']);
  });

  test('several are told, the largest first', () => {
    assert.deepEqual(
      names(
        growing(4, (heap) => {
          heap.born([other], 32 * kb, 4);
          heap.born([handler], 32 * kb, 9);
        }),
      ),
      ['handler', 'other'],
    );
  });

  test('what keeps a thing is told beside it, though it is small', () => {
    const leak = (heap: SampledHeap): void => {
      heap.born([handler], 32 * kb, 97);
      heap.born([other], 16 * kb, 6);
    };
    assert.deepEqual(names(growing(3, leak)), ['handler', 'other']);
  });

  test('of a library only where no function of the app grows', () => {
    const leak = (heap: SampledHeap): void => void heap.born([library], 32 * kb, 9);
    assert.deepEqual(names(growing(4, leak)), ['observe']);
    assert.deepEqual(
      names(
        growing(4, (heap) => {
          leak(heap);
          heap.born([handler], 32 * kb, 5);
        }),
      ),
      ['handler'],
    );
  });

  test('a queue that fills faster than it drains is told as one that flows', () => {
    const waiting: (() => void)[] = [];
    const [place] = growing(6, (heap, window) => {
      for (let i = 0; i < 30; i++) waiting.push(heap.born([handler], 8 * kb));
      for (let i = 0; i < (window === 0 ? 0 : 20); i++) waiting.shift()?.();
      heap.garbage(1000);
    });
    assert.equal(place?.frames[0], handler);
    assert.equal(place.flows, true);
  });

  test('a queue that has only begun to drain is told by the order in which things go', () => {
    const waiting: (() => void)[] = [];
    const [place] = growing(4, (heap, window) => {
      for (let i = 0; i < 30; i++) waiting.push(heap.born([handler], 8 * kb));
      for (let i = 0; i < (window === 3 ? 15 : 0); i++) waiting.shift()?.();
      heap.garbage(1000);
    });
    assert.equal(place?.flows, true);
  });
});

describe('growing places: look-alikes', () => {
  test('a full cache: its new entries are seen to stay, and the floor does not rise', () => {
    assert.deepEqual(
      growing(5, (heap) => {
        heap.born([handler], 32 * kb, 9);
        heap.bytes -= 9 * 32 * kb;
      }),
      [],
    );
  });

  test('a cache that was full by the last window', () => {
    assert.deepEqual(
      growing(4, (heap, window) => {
        heap.born([handler], 32 * kb, 9);
        if (window === 3) heap.bytes -= 8 * 32 * kb;
      }),
      [],
    );
  });

  test('a cache that meets ever fewer new keys, where there is time to see that', () => {
    const cache = (heap: SampledHeap, window: number): void =>
      void heap.born([handler], 32 * kb, Math.round(100 * 0.84 ** window));
    assert.deepEqual(names(growing(3, cache)), ['handler']);
    assert.deepEqual(names(growing(4, cache, true)), []);
    const leak = (heap: SampledHeap, window: number): void =>
      void heap.born([handler], 32 * kb, 100 + 5 * (window % 2));
    assert.deepEqual(names(growing(4, leak, true)), ['handler']);
  });

  test('such a cache that chance makes look even from the first read on, by what the window before that brought', () => {
    const met = [126, 107, 90, 99];
    const cache = (heap: SampledHeap, window: number): void => void heap.born([handler], 33 * kb, met[window]);
    assert.deepEqual(names(growing(4, cache)), ['handler']);
    assert.deepEqual(names(growing(4, cache, true)), []);
  });

  test('work in flight that comes and goes', () => {
    let letGo = (): void => {};
    assert.deepEqual(
      growing(6, (heap, window) => {
        letGo();
        letGo = heap.born([handler], 32 * kb, 9 + (window % 3));
        heap.bytes += 20 * kb;
      }),
      [],
    );
  });

  test('sessions that rise with the load', () => {
    let letGo = (): void => {};
    assert.deepEqual(
      growing(6, (heap, window) => {
        letGo();
        letGo = heap.born([handler], 8 * kb, 60 + 12 * window);
        heap.garbage(5000 + 1000 * window);
      }),
      [],
    );
  });

  test('one burst that stays', () => {
    assert.deepEqual(
      growing(4, (heap, window) => {
        heap.born([handler], 32 * kb, window === 2 ? 30 : 1);
      }),
      [],
    );
  });

  test('a few samples that are chance', () => {
    assert.deepEqual(
      growing(4, (heap) => {
        heap.born([handler], 32 * kb, 1);
        heap.bytes += 30 * kb;
      }),
      [],
    );
  });

  test('what is small beside what grows, and by chance', () => {
    const small = (heap: SampledHeap): void => {
      heap.born([handler], 32 * kb, 97);
      heap.born([other], 32 * kb, 3);
    };
    assert.deepEqual(names(growing(3, small)), ['handler']);
  });

  test('what is small and grows alone', () => {
    assert.deepEqual(
      growing(4, (heap) => {
        heap.born([handler], 16 * kb, 6);
        heap.bytes += 97 * 32 * kb;
      }),
      [],
    );
  });

  test('a hundredth of what the heap gains', () => {
    assert.deepEqual(
      growing(4, (heap) => {
        heap.born([handler], kb, 5);
        heap.bytes += 500 * kb;
      }),
      [],
    );
  });
});
