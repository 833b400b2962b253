import { defineIntegration } from '../../src/observe/integration.ts';

/** What is read of a queue: the same in every version that is known. */
interface Tasks {
  /** Those that wait. */
  readonly size: number;
  /** Those that run. */
  readonly pending: number;
  readonly concurrency: number;
}

/** The class that `p-queue` exports, in any version: not by its own type, which is another one in each. */
export interface PQueueClass {
  readonly prototype: Tasks & { add(...args: never[]): unknown };
}

/**
 * Watches every queue of p-queue from its construction on, or from its first `add()` after this call: what waits in it, how
 * much goes in and out, since when the oldest task waits. Of a queue without a `concurrency`, where no task waits, those
 * that run are counted. One that grows and does not drain is told as `growing_queue`, at the line that made it.
 *
 * @param library the class that the app works with
 * @returns for `use()` or the option `integrations` of `start()`
 * @example
 * ```ts
 * import PQueue from 'p-queue';
 * import { use } from 'outlive';
 * import { pQueue } from 'outlive/p-queue';
 *
 * use(pQueue(PQueue));
 * ```
 */
export const pQueue = defineIntegration<PQueueClass>({
  name: 'p-queue',
  versions: ['6', '7', '8', '9', '10'],
  library: {
    rule: 'the class that p-queue exports',
    remedy: "E.g. import PQueue from 'p-queue'; use(pQueue(PQueue)). By require() it is `.default`.",
    is: (value) => typeof value === 'function' && isPrototypeOfQueues(value.prototype),
  },
  attach(host, { prototype }) {
    const queues = host.queues<Tasks>({ size: tasksIn });
    // its constructor sets it
    host.beforeSet(prototype, 'concurrency', (queue) => queues.made(queue));
    host.beforeCall(prototype, 'add', (queue, [, options]) => {
      if (leavesOutOfTurn(queue, options)) queues.reordered(queue);
      queues.put(queue);
    });
    host.beforeCall(prototype, 'setPriority', (queue) => queues.reordered(queue));
  },
});

/** Without a limit nothing waits: all that came and is not done is running. */
const tasksIn = ({ size, pending, concurrency }: Tasks): number => (concurrency === Infinity ? size + pending : size);

const leavesOutOfTurn = ({ concurrency }: Tasks, options: unknown): boolean =>
  concurrency === Infinity ||
  (isObject(options) && Boolean(Reflect.getOwnPropertyDescriptor(options, 'priority')?.value));

const isPrototypeOfQueues = (value: unknown): boolean =>
  isObject(value) &&
  typeof descriptorOf(value, 'add')?.value === 'function' &&
  descriptorOf(value, 'concurrency')?.set !== undefined &&
  ['size', 'pending'].every((name) => descriptorOf(value, name)?.get !== undefined);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Its own or an inherited one: an app may have a class that extends it. */
function descriptorOf(value: object, name: string): PropertyDescriptor | undefined {
  const parent = Reflect.getPrototypeOf(value);
  return Reflect.getOwnPropertyDescriptor(value, name) ?? (parent === null ? undefined : descriptorOf(parent, name));
}
