import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Judgement, TrackedType } from '../../../src/lifetime/tracked-type.ts';
import { observed } from './observed.ts';

type Sut = ReturnType<typeof observed>;

const streamsOf = ({ observer }: Sut, judgement: Judgement = 'scope'): TrackedType =>
  observer.defineType({ kind: 'stream', name: 'Stream', probe: { endOf: () => 'released' }, judgement, advice: '' });

async function capturesOf(sut: Sut, type: TrackedType, openings: number): Promise<number> {
  const before = sut.observer.captures;
  await sut.inRequest('GET /', () => {
    for (let i = 0; i < openings; i++) sut.observer.open({}, type);
  });
  return sut.observer.captures - before;
}

suite('where the observer looks for lines of the app', () => {
  test('the first four openings of a type in a sweep, then one in so many, at most 20 a second', async () => {
    const sut = observed({ hooks: [], siteSampling: 64 });
    const type = streamsOf(sut);
    for (const expected of [4, 4 + 1]) {
      assert.equal(await capturesOf(sut, type, 60), expected);
      sut.sweep();
    }
    assert.equal(await capturesOf(sut, type, 640), 4 + 10);
    assert.equal(await capturesOf(sut, type, 64_000), 10);
    sut.detach();
  });

  test('what is only counted: the first four', async () => {
    const sut = observed({ hooks: [], siteSampling: 64 });
    assert.equal(await capturesOf(sut, streamsOf(sut, 'none'), 6400), 4);
    sut.detach();
  });

  test('each opening of a type under suspicion, at most 8 a second of its own and 200 of all', async () => {
    const sut = observed({ hooks: [], siteSampling: 64 });
    const type = streamsOf(sut);
    type.suspectForSweeps = 64;
    assert.equal(await capturesOf(sut, type, 150), 150);
    assert.equal(await capturesOf(sut, type, 150), 58);
    sut.detach();
  });

  test('each opening of a suspect that is opened seldom, though a busy one has used up what all share', async () => {
    const sut = observed({ hooks: [], siteSampling: 64 });
    const [busy, rare] = [streamsOf(sut), streamsOf(sut)];
    busy.suspectForSweeps = 64;
    rare.suspectForSweeps = 64;
    await capturesOf(sut, busy, 1000);
    assert.equal(await capturesOf(sut, rare, 6), 6);
    assert.equal(await capturesOf(sut, rare, 6), 2);
    sut.detach();
  });
});
