import type { Worker } from 'node:worker_threads';
import type { Probe } from '../../lifetime/probe.ts';
import type { TrackedType } from '../../lifetime/tracked-type.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { type Detach, detachAll, patchMethod } from '../patch.ts';
import { onEmitterBirth } from './emitter-births.ts';
import { classWithin, isChildProcess, isWorker } from './node-classes.ts';

/** Messages that were sent to a worker so far. */
interface Talk {
  messages: number;
}

/** Worker threads and child processes. Their exit is read from the fields that Node sets, no listener is added. */
export const workers: Hook = {
  group: 'workers',
  attach(observer) {
    const talks = stamp<Talk>();
    const patched = new Map<object, Detach>();
    const meet = (base: object): void => {
      if (!patched.has(base)) patched.set(base, countsMessages(talks, base, 'postMessage'));
    };
    const detachBirths = onEmitterBirth(observer, (prototype) => workerTypeOf(observer, talks, meet, prototype));
    return () => {
      detachBirths();
      detachAll(patched.values())();
    };
  },
};

function workerTypeOf(
  observer: Observer,
  talks: Stamp<Talk>,
  meet: (base: object) => void,
  prototype: object,
): TrackedType | null {
  const worker = classWithin(prototype, isWorker);
  if (worker !== undefined) {
    meet(worker);
    const progressOf = (thing: object): number => talks.get(thing)?.messages ?? 0;
    return observer.defineType({
      kind: 'worker',
      name: 'worker_threads.Worker',
      probe: { ...workerProbe, progressOf },
      judgement: 'scope',
      advice: 'call `worker.terminate()` when its request is done, or keep one pool of workers for the process',
    });
  }
  if (classWithin(prototype, isChildProcess) === undefined) return null;
  return observer.defineType({
    kind: 'process',
    name: 'child_process.ChildProcess',
    probe: processProbe,
    judgement: 'scope',
    advice: 'call `child.kill()` when its request is done, or spawn it with a `timeout` or a `signal`',
  });
}

const workerProbe: Probe = {
  isRooted: () => true,
  endOf(thing) {
    try {
      return (thing as Worker).threadId === -1 ? 'released' : undefined;
    } catch {
      // its constructor threw: there is no thread
      return 'errored';
    }
  },
};

interface ProcessFields {
  readonly exitCode?: number | null;
  readonly signalCode?: string | null;
  readonly killed?: boolean;
  readonly stdin?: Pipe | null;
}

interface Pipe {
  readonly bytesWritten?: number;
}

/** What Node keeps a child's IPC pipe under; `null` stands there once it is closed. */
const channelKeyOf = (child: object): symbol | undefined =>
  Object.getOwnPropertySymbols(child).find(({ description }) => description === 'kChannelHandle');

const processProbe: Probe = {
  isRooted: () => true,
  /** Bytes that the app has sent it, by `send()` or its stdin: read from the pipes, for Node makes `send` anew for each child. */
  progressOf(thing) {
    const key = channelKeyOf(thing);
    const channel = key === undefined ? undefined : (Reflect.get(thing, key) as Pipe | null);
    return (channel?.bytesWritten ?? 0) + ((thing as ProcessFields).stdin?.bytesWritten ?? 0);
  },
  endOf(thing) {
    const { exitCode = null, signalCode = null, killed } = thing as ProcessFields;
    if (exitCode === null && signalCode === null) return undefined;
    return exitCode === 0 || killed === true ? 'released' : 'errored';
  },
};

/** One that is given work again after its request belongs to a pool. */
function countsMessages(talks: Stamp<Talk>, prototype: object, name: string): Detach {
  return patchMethod(
    prototype,
    name,
    (original, state) =>
      function send(this: object, ...args: unknown[]): unknown {
        if (state.active) {
          const talk = talks.get(this);
          if (talk === undefined) talks.set(this, { messages: 1 });
          else talk.messages++;
        }
        return Reflect.apply(original, this, args);
      },
  );
}
