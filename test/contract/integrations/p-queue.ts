import PQueue from 'p-queue';
import pQueue6 from 'p-queue-6';
import PQueue7 from 'p-queue-7';
import PQueue8 from 'p-queue-8';
import PQueue9 from 'p-queue-9';
import { pQueue, type PQueueClass } from '../../../integrations/p-queue/p-queue.ts';
import type { Specimen } from './specimen.ts';

/** What is worked with here: the same in every version. */
interface AnyQueue {
  readonly size: number;
  readonly pending: number;
  concurrency: number;
  add(task: () => unknown, options?: object): Promise<unknown>;
  addAll(tasks: readonly (() => unknown)[]): Promise<unknown[]>;
  pause(): void;
  start(): unknown;
  clear(): void;
  onIdle(): Promise<void>;
}

export type AnyQueueClass = PQueueClass & { new (options?: object): AnyQueue; readonly prototype: AnyQueue };

/** Every version that the integration says it knows, the first one of each. */
export const pQueueVersions: Readonly<Record<string, AnyQueueClass>> = {
  '6': pQueue6.default,
  '7': PQueue7,
  '8': PQueue8,
  '9': PQueue9,
  '10': PQueue,
};

async function lifeOf(Queue: AnyQueueClass): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const queue = new Queue({ concurrency: 2 });
  const failure = new Error('the task failed');
  const ends = [
    queue.add(() => 'at once'),
    queue.add(() => Promise.reject(failure)),
    queue.add(
      () =>
        new Promise((resolve) => {
          setTimeout(resolve, 5, 'later');
        }),
      { priority: 1 },
    ),
    ...[1, 2].map((n) => queue.add(() => n)),
  ].map((added, i) =>
    added.then(
      (value) => seen.push([i, value]),
      (error: unknown) => seen.push([i, error === failure]),
    ),
  );
  void Promise.resolve().then(() => seen.push(['a turn', queue.size, queue.pending]));
  seen.push(['added', queue.size, queue.pending]);
  await Promise.all(ends);
  seen.push(await queue.addAll([() => 1, () => Promise.resolve(2)]));
  queue.concurrency = 3;
  await queue.onIdle();
  seen.push(
    thrownBy(() => (queue.concurrency = 0)),
    thrownBy(() => new Queue({ concurrency: -1 })),
  );
  seen.push(queue.concurrency, Reflect.ownKeys(queue), Object.keys(queue), queue instanceof Queue);
  seen.push([Queue.name, Queue.length, Queue.prototype.add.name, Queue.prototype.add.length]);
  return seen;
}

function thrownBy(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

/** It waits, in a queue that is paused. */
function pausedQueue(Queue: AnyQueueClass): AnyQueue {
  const queue = new Queue({ concurrency: 1 });
  queue.pause();
  void queue.add(() => undefined);
  return queue;
}

/** What `require` gives, a queue, another class, nothing, a name. */
const mistakes: readonly unknown[] = [pQueue6, new PQueue(), class Other {}, undefined, 'p-queue'];

const specimenOf = ([version, Queue]: readonly [string, AnyQueueClass]): Specimen => ({
  name: `p-queue ${version}`,
  folder: 'p-queue',
  integration: () => pQueue(Queue),
  places: [Queue, Queue.prototype],
  life: () => lifeOf(Queue),
  thing: () => pausedQueue(Queue),
  mistakes: mistakes.map((wrong) => () => pQueue(wrong as PQueueClass)),
});

export const pQueueSpecimens: readonly Specimen[] = Object.entries(pQueueVersions).map(specimenOf);
