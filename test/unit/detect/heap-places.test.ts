import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HeapPlaces } from '../../../src/detect/heap-places.ts';
import { frame, ownership, SampledHeap } from './heap-profiled.ts';

const inLibrary = frame('/app/node_modules/cache/index.js', 40, 'set');
const handler = frame('/app/server.js', 12, 'handler');
const timer = frame('node:internal/timers', 500, 'listOnTimeout');

function read(heap: SampledHeap, places: HeapPlaces): void {
  places.add(heap.stacks());
}

describe('heap places', () => {
  test('what libraries allocate for a function of the app counts for that function', () => {
    const heap = new SampledHeap();
    const places = new HeapPlaces(ownership);
    heap.born([inLibrary, handler, timer], 3000);
    heap.born([handler, timer], 1000);
    read(heap, places);
    const [place, ...others] = [...places];
    assert.equal(others.length, 0);
    assert.deepEqual(place?.levels, [4000]);
    assert.equal(place.inApp, true);
    // of its call paths the one with the most bytes, without Node's frames
    assert.deepEqual(place.frames, [inLibrary, handler]);
  });

  test('without a frame of the app it is the innermost of a library', () => {
    const heap = new SampledHeap();
    const places = new HeapPlaces(ownership);
    heap.born([timer, inLibrary], 100);
    read(heap, places);
    const [place] = [...places];
    assert.equal(place?.inApp, false);
    assert.deepEqual(place.frames, [inLibrary]);
  });

  test('what outlive allocates is nobody else’s, what passes through it is', () => {
    const heap = new SampledHeap();
    const places = new HeapPlaces(ownership);
    const hook = frame('/outlive/hooks.js', 3, 'on');
    heap.born([hook, handler], 100);
    heap.born([timer, hook], 100);
    heap.born([], 100);
    read(heap, places);
    assert.deepEqual([...places], []);
    heap.born([timer, hook, handler], 100);
    read(heap, places);
    assert.deepEqual(
      [...places].map(({ frames }) => frames),
      [[handler]],
    );
  });

  test('it follows how much of what was born before each read is left', () => {
    const heap = new SampledHeap();
    const places = new HeapPlaces(ownership);
    const letGo = heap.born([handler], 10, 4);
    heap.born([handler], 10, 6);
    read(heap, places);
    letGo();
    heap.born([handler], 10, 5);
    read(heap, places);
    const [place] = [...places];
    assert.deepEqual(place?.levels, [100, 110]);
    assert.deepEqual(place.births, [
      { bornSamples: 10, keptSamples: 6, keptBytes: 60 },
      { bornSamples: 5, keptSamples: 5, keptBytes: 50 },
    ]);
  });

  test('a place that comes late was not there before; one that has gone is forgotten', () => {
    const heap = new SampledHeap();
    const places = new HeapPlaces(ownership);
    const letGo = heap.born([handler], 10);
    read(heap, places);
    letGo();
    heap.born([inLibrary], 20);
    read(heap, places);
    assert.deepEqual(
      [...places].map(({ levels }) => levels),
      [[0, 20]],
    );
  });

  test('the load is told by how many samples were taken, alive or not', () => {
    const heap = new SampledHeap();
    const places = new HeapPlaces(ownership);
    for (const samples of [100, 100, 150]) {
      heap.garbage(samples - 1);
      heap.born([handler], 10);
      read(heap, places);
    }
    assert.equal(places.loadGrowth, 1.5);
  });

  test('no more than 2,000 places are followed', () => {
    const heap = new SampledHeap();
    const places = new HeapPlaces(ownership);
    for (let line = 1; line <= 2100; line++) heap.born([frame('/app/generated.js', line)], 10);
    read(heap, places);
    assert.equal([...places].length, 2000);
  });
});
