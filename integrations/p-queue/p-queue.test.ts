import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { use } from '../../src/index.ts';
import { pQueueVersions } from '../../test/contract/integrations/p-queue.ts';
import { engine, startedForEach } from '../../test/unit/sdk/started.ts';
import { pQueue } from './p-queue.ts';

/** The queues as they are at a sweep. */
function sampled() {
  for (const _tick of engine().queues.sample(engine().clock.nowMs()));
  return [...engine().queues];
}

const never = (): Promise<never> => new Promise(() => {});

for (const [version, PQueue] of Object.entries(pQueueVersions)) {
  describe(`p-queue ${version}`, () => {
    startedForEach();

    test('of a queue with a limit those that wait are counted, and what goes in and out', async () => {
      const unuse = use(pQueue(PQueue));
      const queue = new PQueue({ concurrency: 1 });
      assert.equal(sampled()[0]?.size, 0);
      const { promise, resolve } = Promise.withResolvers<void>();
      const added = [() => promise, ...Array.from({ length: 9 }, () => () => undefined)].map((task) => queue.add(task));
      let [watched, ...others] = sampled();
      assert.deepEqual([watched?.size, watched?.flow, others], [9, { enqueued: 10, dequeued: 1 }, []]);
      assert.equal(watched?.capacity, undefined);
      resolve();
      await Promise.all(added);
      [watched] = sampled();
      assert.deepEqual(
        [watched?.size, watched?.flow, watched?.oldestAgeMs],
        [0, { enqueued: 10, dequeued: 10 }, undefined],
      );
      unuse();
    });

    test('of a queue without a limit those that run are counted, for none waits', () => {
      const unuse = use(pQueue(PQueue));
      const queue = new PQueue();
      for (let i = 0; i < 5; i++) void queue.add(never);
      assert.deepEqual([sampled()[0]?.size, queue.size, queue.pending], [5, 0, 5]);
      unuse();
    });

    test('it says since when the oldest task waits, but not once a task has overtaken another', () => {
      const unuse = use(pQueue(PQueue));
      const queue = new PQueue({ concurrency: 1 });
      for (let i = 0; i < 5; i++) void queue.add(never, { id: `task ${i}` });
      assert.equal(sampled()[0]?.oldestAgeMs, 0);
      void queue.add(never, { priority: 0 });
      assert.equal(sampled()[0]?.oldestAgeMs, 0);
      void queue.add(never, { priority: 7 });
      assert.equal(sampled()[0]?.oldestAgeMs, undefined);
      unuse();
    });

    test('a queue that was made before is watched from its first task on, with what is in it', () => {
      const queue = new PQueue({ concurrency: 1 });
      for (let i = 0; i < 5; i++) void queue.add(never);
      const unuse = use(pQueue(PQueue));
      assert.deepEqual(sampled(), []);
      void queue.add(never);
      assert.equal(sampled()[0]?.size, 5);
      unuse();
    });

    test('queues of a class that extends it are watched, by either class', () => {
      const Mails = class extends PQueue {};
      for (const handedIn of [PQueue, Mails]) {
        const unuse = use(pQueue(handedIn));
        const queue = new Mails({ concurrency: 1 });
        queue.pause();
        void queue.add(never);
        assert.equal(sampled().length, 1);
        assert.equal(sampled()[0]?.size, 1);
        unuse();
        assert.deepEqual(sampled(), []);
      }
    });

    test('what `addAll` puts in counts, what `clear` drops is gone', async () => {
      const unuse = use(pQueue(PQueue));
      const queue = new PQueue({ concurrency: 1 });
      queue.pause();
      queue.addAll([never, never, never]).catch(() => {});
      assert.equal(sampled()[0]?.size, 3);
      queue.clear();
      assert.deepEqual([sampled()[0]?.size, sampled()[0]?.flow], [0, { enqueued: 0, dequeued: 3 }]);
      unuse();
    });
  });
}
