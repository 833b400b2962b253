import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScopeSamples } from '../../../src/lifetime/scope-samples.ts';

const samplesOfAll = (): ScopeSamples =>
  new ScopeSamples({
    mark: () => 0,
    isDue: () => true,
    isOver: () => false,
    isAtWork: () => false,
    isHeldBy: () => false,
  });

const bornOf = (samples: ScopeSamples): [string, number][] => [...samples].map(({ name, born }) => [name, born]);

describe('scope samples', () => {
  it('count each birth under its own name, however the names take turns', () => {
    const samples = samplesOfAll();
    for (const name of ['GET *', 'GET *', 'POST *', 'GET *', 'POST *', 'POST *', 'POST *']) samples.born(name);
    assert.deepEqual(bornOf(samples), [
      ['GET *', 3],
      ['POST *', 4],
    ]);
  });

  it('begin anew after a clear, also for the name that was born last', () => {
    const samples = samplesOfAll();
    samples.born('GET *');
    samples.clear();
    assert.deepEqual(bornOf(samples), []);
    samples.born('GET *');
    assert.deepEqual(bornOf(samples), [['GET *', 1]]);
  });

  it('give the first four of a sweep to be sampled, and twelve at most', () => {
    const samples = samplesOfAll();
    const taken = Array.from({ length: 4000 }, () => {
      const watch = samples.born('GET *');
      if (watch !== undefined) samples.sample(watch, { thing: {}, scope: undefined, nowMs: 0, leftOpen: [] });
      return watch !== undefined;
    });
    assert.deepEqual(taken.slice(0, 4), [true, true, true, true]);
    assert.equal(taken.filter(Boolean).length, 12);
  });

  it('follow 200 names, and none beyond them', () => {
    const samples = samplesOfAll();
    for (let i = 0; i < 200; i++) assert.notEqual(samples.born(`GET /${i}`), undefined);
    assert.equal(samples.born('GET /200'), undefined);
    assert.equal(samples.born('GET /200'), undefined);
    assert.notEqual(samples.born('GET /7'), undefined);
  });
});
