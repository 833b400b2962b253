import assert from 'node:assert/strict';
import inspector from 'node:inspector';
import inspectorPromises from 'node:inspector/promises';
import { describe, test } from 'node:test';
import { HeapProfiling, type HeapProfilingOptions } from '../../../src/sdk/heap-profiling.ts';

const hourMs = 3_600_000;

class FakeProfile {
  running = false;
  intervalBytes = 0;
  start(intervalBytes: number): boolean {
    this.intervalBytes = intervalBytes;
    this.running = true;
    return true;
  }
  read() {
    return this.running ? { stacks: [], held: { bytes: 1, codeBytes: 1 } } : undefined;
  }
  isOwn(): boolean {
    return false;
  }
  forgetPrinted(): void {}
  stop(): void {
    this.running = false;
  }
}

function bench(options: Partial<HeapProfilingOptions> = {}) {
  const profile = new FakeProfile();
  const host = { nowMs: 0, usedHeapBytes: 100e6, minorGcs: 0 };
  const profiling = new HeapProfiling({
    isOn: true,
    maxHeapBytes: 512e6,
    readsPerHour: 3,
    minorGcs: () => host.minorGcs,
    nowMs: () => host.nowMs,
    usedHeapBytes: () => host.usedHeapBytes,
    profile,
    ...options,
  });
  return { profile, host, profiling };
}

describe('heap profiling', () => {
  test('switched off it never starts, and nothing was dropped', () => {
    const { profile, profiling } = bench({ isOn: false });
    assert.equal(profiling.start(8192), false);
    assert.equal(profile.running, false);
    assert.equal(profiling.dropped, 0);
  });

  test('a heap above the size is left alone, and counted', () => {
    const { profile, profiling, host } = bench();
    assert.equal(profiling.start(8192), true);
    host.usedHeapBytes = 600e6;
    assert.equal(profiling.read(), undefined);
    assert.equal(profile.running, false);
    assert.equal(profiling.start(8192), false);
    assert.equal(profiling.dropped, 2);
  });

  test('reads are budgeted by the hour', () => {
    const { profiling, host } = bench();
    profiling.start(8192);
    for (let i = 0; i < 3; i++) {
      assert.equal(profiling.mayRead(), true);
      assert.notEqual(profiling.read(), undefined);
      host.nowMs += 1000;
    }
    assert.equal(profiling.mayRead(), false);
    host.nowMs = hourMs;
    assert.equal(profiling.mayRead(), true);
    profiling.stop();
  });

  test('an app that allocates much is sampled less finely', () => {
    const { profile, profiling, host } = bench();
    host.nowMs = 60_000;
    profiling.start(8192);
    assert.equal(profile.intervalBytes, 8192);
    profiling.stop();
    host.minorGcs = 600;
    profiling.start(8192);
    assert.ok(profile.intervalBytes > 8192, String(profile.intervalBytes));
    profiling.stop();
  });

  test('it gives way before the app samples by itself, and stays away', () => {
    for (const { Session } of [inspector, inspectorPromises as unknown as typeof inspector]) {
      const before = Reflect.getOwnPropertyDescriptor(Session.prototype, 'post');
      const { profile, profiling } = bench();
      profiling.start(8192);
      const theirs = new Session();
      theirs.connect();
      theirs.post('Runtime.getHeapUsage');
      assert.equal(profile.running, true);
      theirs.post('HeapProfiler.startSampling');
      assert.equal(profile.running, false);
      assert.deepEqual(Reflect.getOwnPropertyDescriptor(Session.prototype, 'post'), before);
      theirs.disconnect();
      assert.equal(profiling.start(8192), false);
      assert.equal(profiling.dropped, 1);
    }
  });

  test('between profiles the inspector is as Node made it', () => {
    const { post } = inspector.Session.prototype;
    const { profiling } = bench();
    profiling.start(8192);
    assert.notEqual(inspector.Session.prototype.post, post);
    assert.equal(inspector.Session.prototype.post.name, post.name);
    profiling.stop();
    assert.equal(inspector.Session.prototype.post, post);
  });
});
