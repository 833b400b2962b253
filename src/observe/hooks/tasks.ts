import { leftOpenBy } from '../../lifetime/left-open.ts';
import type { Nursery } from '../../lifetime/nursery.ts';
import type { PendingPlaces } from '../../lifetime/pending-places.ts';
import { ScopeSamples } from '../../lifetime/scope-samples.ts';
import { watchPromiseBirths } from '../../runtime/promise-births.ts';
import { timerHolds } from '../../runtime/socket-timer.ts';
import type { ScopeContext } from '../context/scope-context.ts';
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
    const ended = (nursery: Nursery, connection?: object): void => {
      const { scope } = nursery;
      const watch = retained.born(scope.name);
      if (watch !== undefined) {
        const { nowMs } = ledger;
        retained.sample(watch, { thing: nursery, scope, nowMs, leftOpen: leftOpenBy(nursery, ledger), connection });
      }
      const trace = nursery.promises;
      if (trace === undefined || trace === null) return;
      trace.leftOpen = leftOpenBy(nursery, ledger);
      places.ended(trace);
    };
    return detachAll([
      () => (retained.clear(), places.clear()),
      ledger.onScopeEnd(observer.safely('scope end', ended)),
      places.births.offer(() =>
        watchPromiseBirths((promise) => observer.guard('promise', () => note(observer, places, promise))),
      ),
    ]);
  },
});

function note(observer: Observer, places: PendingPlaces, promise: object): void {
  places.countBirth();
  const nursery = observer.context.current();
  if (nursery === undefined || nursery.scope.isEndless) return;
  if (nursery.promises === undefined) nursery.promises = places.traceOf(nursery);
  const trace = nursery.promises;
  if (trace === null || !places.takesBirth(trace)) return;
  const site = observer.siteOfDrawn(nursery.scope, { opens: 'Promise' });
  if (site !== null) places.note(trace, promise, site);
  else trace.miss();
}

/** Major collections, and sweeps, past its scope's end after which a nursery should be gone. */
const majorsBeforeLook = 2;
const sweepsBeforeLook = 16;

/** Samples of ended scopes, for `tasks`. */
export const endedScopeSamples = (majorGcCount: () => number, context: () => ScopeContext): ScopeSamples =>
  new ScopeSamples({
    mark: majorGcCount,
    isDue: (sample, sweep, majors) =>
      sweep - sample.sweep >= sweepsBeforeLook && majors - sample.mark >= majorsBeforeLook,
    isOver: () => false,
    isAtWork: (nursery) => (nursery as Nursery).background !== undefined,
    isHeldBy: (connection, nursery) => timerHolds(connection, nursery, context().currentOf),
  });
