import type { Probe } from '../../lifetime/probe.ts';
import type { Frame } from '../../lifetime/site.ts';
import { stream, util } from '../../runtime/builtins.ts';
import { capturedFrames } from '../../runtime/stack.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { oncePerObserver } from '../once-per-observer.ts';
import { type AnyFunction, detachAll, patchMethod, type PatchState } from '../patch.ts';
import { GeneratorAdmission } from './generator-admission.ts';
import { GeneratorLooks } from './generator-looks.ts';
import { GeneratorRecord } from './generator-record.ts';

/** `%AsyncGeneratorPrototype%`: what every native async generator inherits `next` from. */
const asyncGeneratorPrototype = (Object.getPrototypeOf(async function* () {}) as { readonly prototype: object })
  .prototype;

/**
 * What the generators behind `for await (… of readable)` inherit from. They are not followed: the stream under them has a
 * lifetime of its own, and where that is destroyed a suspended iteration leaves nothing undone.
 */
const streamIterationPrototype = (): unknown =>
  Object.getPrototypeOf(Reflect.apply(stream.Readable.prototype[Symbol.asyncIterator], { read: () => null }, []));

/** Shared by all generators that are not followed. */
const unfollowed = new GeneratorRecord();

/**
 * Async generators that code of the app consumes, from their first `next()` on. The three methods are passed through as
 * they are: a derived promise would cost a tick, a `.then` beside it would swallow rejections.
 */
export const generators: Hook = {
  group: 'generators',
  attach(observer) {
    const { records, follow } = recordsOf(observer);
    const leaving = (original: AnyFunction, state: PatchState) => leavingOf(original, state, records);
    return detachAll([
      patchMethod(asyncGeneratorPrototype, 'next', (original, state) => nextOf(original, state, records, follow)),
      patchMethod(asyncGeneratorPrototype, 'return', leaving),
      patchMethod(asyncGeneratorPrototype, 'throw', leaving),
    ]);
  },
};

const recordsOf = oncePerObserver((observer) => {
  const records = stamp<GeneratorRecord>();
  return { records, follow: follower(observer, records) };
});

type Follow = (generator: object, next: AnyFunction) => GeneratorRecord;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function nextOf(original: AnyFunction, state: PatchState, records: Stamp<GeneratorRecord>, follow: Follow) {
  return function next(this: unknown, value: unknown): object {
    if (!state.active || !isObject(this)) return original.call(this, value) as object;
    const record = records.get(this) ?? follow(this, next);
    const promise = original.call(this, value) as object;
    if (record !== unfollowed) record.step(promise);
    return promise;
  };
}

/** `return()` and `throw()`: its consumer has let go of it. */
function leavingOf(original: AnyFunction, state: PatchState, records: Stamp<GeneratorRecord>) {
  return function leave(this: unknown, value: unknown): object {
    if (state.active && isObject(this)) records.get(this)?.close();
    return original.call(this, value) as object;
  };
}

/** Decides once a generator whether it is followed: in a sample, and only where its consumer is the app. */
function follower(observer: Observer, records: Stamp<GeneratorRecord>): Follow {
  const { ledger } = observer;
  const streamIteration = streamIterationPrototype();
  const admission = new GeneratorAdmission(ledger);
  observer.followedShares.set('generators', () => admission.followedShare);
  const type = observer.defineType({
    kind: 'generator',
    name: 'AsyncGenerator',
    probe: probeOf(records, new GeneratorLooks(ledger, (where, fn) => observer.guard(where, fn))),
    judgement: 'scope',
    advice: 'leave it by `break` in a `for await`, or call `generator.return()`, so that its `finally` runs',
  });

  const followed = (generator: object, next: AnyFunction): GeneratorRecord => {
    const nursery = observer.nursery();
    if (nursery === undefined) return unfollowed;
    const [consumer] = capturedFrames(1, next);
    const site = consumer === undefined ? null : observer.siteHere(nursery.scope);
    if (consumer === undefined || site?.inApp !== true || !isSamePlace(site.frame, consumer)) {
      admission.refuse(generator);
      return unfollowed;
    }
    ledger.open(nursery, generator, type, type.originAt(site));
    return new GeneratorRecord();
  };

  return (generator, next) => {
    let record = unfollowed;
    // without a note: in a busy app that is how it goes for most, and to be asked again costs less
    if (admission.isFull || !util.types.isGeneratorObject(generator)) return record;
    if (Object.getPrototypeOf(generator) === streamIteration || !admission.admits(generator)) {
      records.set(generator, record);
      return record;
    }
    observer.guard('generator', () => {
      record = followed(generator, next);
      records.set(generator, record);
    });
    return record;
  };
}

const isSamePlace = (a: Frame, b: Frame): boolean => a.line === b.line && a.column === b.column && a.file === b.file;

function probeOf(records: Stamp<GeneratorRecord>, looks: GeneratorLooks): Probe {
  return {
    endOf(thing) {
      const record = records.get(thing);
      record?.letGo();
      return record?.closed === true ? 'released' : undefined;
    },
    progressOf: (thing) => records.get(thing)?.calls ?? 0,
    isKnownOpen(thing) {
      const record = records.get(thing);
      if (record === undefined) return false;
      if (record.seen === 'yielded' || record.movedSinceLastSweep()) return true;
      looks.want(thing, record);
      return record.seen === 'awaiting';
    },
    remainsOf: (thing) => records.get(thing),
  };
}
