import { leftOpenBy } from '../../lifetime/left-open.ts';
import type { Nursery } from '../../lifetime/nursery.ts';
import type { PendingPlaces, Trace } from '../../lifetime/pending-places.ts';
import { ScopeSamples } from '../../lifetime/scope-samples.ts';
import { capturedFrames } from '../../runtime/stack.ts';
import { isOwnFile } from '../../runtime/own-code.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import { watchPromiseBirths } from '../../runtime/promise-births.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { detachAll } from '../patch.ts';

export interface TasksOptions {
  /** Nurseries of ended scopes: one stays alive exactly while something asynchronous holds its context. */
  readonly retained: ScopeSamples;
  readonly places: PendingPlaces;
}

/** Work that never settles: what stays of scopes that have ended and, only where some do, where it waits. */
export const tasks = ({ retained, places }: TasksOptions): Hook => ({
  group: 'tasks',
  attach(observer) {
    const { ledger } = observer;
    const traces = stamp<Trace>();
    const leftOpen = (nursery: object) => leftOpenBy(nursery as Nursery, ledger);
    const ended = (nursery: Nursery): void => {
      const { scope } = nursery;
      retained.born({ name: scope.name, thing: nursery, scope, nowMs: ledger.nowMs, leftOpen });
      const trace = traces.get(nursery);
      if (trace !== undefined) trace.leftOpen = leftOpen(nursery);
    };
    return detachAll([
      () => (retained.clear(), places.clear()),
      ledger.onScopeEnd(observer.safely('scope end', ended)),
      places.births.offer(() =>
        watchPromiseBirths((promise) => observer.guard('promise', () => note(observer, places, traces, promise))),
      ),
    ]);
  },
});

/** Frames that are walked to tell lines apart, our own among them. */
const lineDepth = 12;

function note(observer: Observer, places: PendingPlaces, traces: Stamp<Trace>, promise: object): void {
  const nursery = observer.context.current();
  if (nursery === undefined || nursery.scope.isEndless) return;
  const known = traces.get(nursery);
  if (known?.closed === true || !places.wantsLook()) return;
  const line = lineHere();
  const site = places.wantsFrom(line) ? observer.siteHere(nursery.scope) : null;
  const trace = site === null ? undefined : (known ?? places.openTrace(nursery));
  if (site === null || trace === undefined) return;
  traces.set(nursery, trace);
  places.note(trace, promise, site, line);
}

function lineHere(): string {
  const frame = capturedFrames(lineDepth).find(({ file }) => !isOwnFile(file));
  return frame === undefined ? '' : `${frame.file}:${frame.line}:${frame.column}`;
}

/** Major collections, and sweeps, past its scope's end after which a nursery should be gone. */
const majorsBeforeLook = 2;
const sweepsBeforeLook = 16;

/** Samples of ended scopes, for `tasks`. */
export const endedScopeSamples = (majorGcCount: () => number): ScopeSamples =>
  new ScopeSamples({
    mark: majorGcCount,
    isDue: (sample, sweep, majors) =>
      sweep - sample.sweep >= sweepsBeforeLook && majors - sample.mark >= majorsBeforeLook,
    isOver: () => false,
    isAtWork: (nursery) => (nursery as Nursery).background !== undefined,
  });
