import assert from 'node:assert/strict';
import inspector from 'node:inspector';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { HeapProfile, type LiveAllocations } from '../../../src/runtime/heap-profile.ts';

const thisFile = fileURLToPath(import.meta.url);
const kept: object[] = [];

function keepsMany(): void {
  for (let i = 0; i < 20_000; i++) kept.push({ i, of: [i] });
}
function keepsNone(): number {
  let sum = 0;
  for (let i = 0; i < 200_000; i++) sum += [i, i + 1].length;
  return sum;
}

const started = (): HeapProfile => {
  const profile = new HeapProfile();
  assert.equal(profile.start(4096), true);
  return profile;
};
const bytesOf = (live: LiveAllocations | undefined, fn: string): number =>
  (live?.stacks ?? [])
    .filter(({ frames }) => frames[0]?.fn === fn && frames[0].file === thisFile)
    .flatMap(({ samples }) => samples)
    .reduce((sum, { bytes }) => sum + bytes, 0);

describe('heap profile', () => {
  test('what lives is told by the function that allocated it, what was collected is not', () => {
    const profile = started();
    keepsMany();
    keepsNone();
    const live = profile.read();
    // 20,000 objects of 24 to 56 bytes and as many arrays
    assert.ok(bytesOf(live, 'keepsMany') > 800_000, String(bytesOf(live, 'keepsMany')));
    assert.ok(bytesOf(live, 'keepsNone') < 100_000, String(bytesOf(live, 'keepsNone')));
    assert.ok((live?.held.bytes ?? 0) > 1_000_000 && (live?.held.codeBytes ?? 0) > 100_000);
    const stack = live?.stacks.find(({ frames }) => frames[0]?.fn === 'keepsMany');
    assert.ok((stack?.frames[0]?.line ?? 0) > 5);
    kept.length = 0;
    assert.ok(bytesOf(profile.read(), 'keepsMany') < 100_000);
    profile.stop();
  });

  test('ordinals rise from read to read', () => {
    const profile = started();
    const last = (): number =>
      Math.max(...(profile.read()?.stacks ?? []).flatMap(({ samples }) => samples.map(({ ordinal }) => ordinal)));
    keepsMany();
    const before = last();
    keepsMany();
    assert.ok(last() > before);
    kept.length = 0;
    profile.stop();
  });

  test('while somebody else samples it does not start, and ends nothing of theirs', () => {
    const theirs = new inspector.Session();
    theirs.connect();
    theirs.post('HeapProfiler.startSampling');
    const profile = new HeapProfile();
    assert.equal(profile.start(4096), false);
    assert.equal(profile.isRunning, false);
    profile.stop();
    let told: unknown = 'nothing';
    theirs.post('HeapProfiler.getSamplingProfile', (error) => void (told = error));
    assert.equal(told, null);
    theirs.disconnect();
    assert.equal(profile.start(4096), true);
    profile.stop();
  });

  test('when it was stopped by somebody else it has nothing to tell, and does not run', () => {
    const profile = started();
    const theirs = new inspector.Session();
    theirs.connect();
    theirs.post('HeapProfiler.stopSampling');
    theirs.disconnect();
    assert.equal(profile.read(), undefined);
    assert.equal(profile.isRunning, false);
  });

  test('what the app prints meanwhile is not kept', async () => {
    const { gc } = globalThis;
    assert.ok(gc, 'this test needs --expose-gc');
    const profile = started();
    const printed = ((): WeakRef<object> => {
      const thing = { big: Array.from({ length: 1000 }, (_, i) => i), toString: () => 'a thing that is printed' };
      console.log('%s', thing);
      return new WeakRef(thing);
    })();
    profile.forgetPrinted();
    await turn();
    gc();
    assert.equal(printed.deref(), undefined);
    profile.stop();
  });

  test('it does not keep the process from its end, and may be stopped twice', () => {
    const profile = started();
    profile.stop();
    profile.stop();
    assert.equal(profile.isRunning, false);
    assert.equal(profile.read(), undefined);
  });
});
