import type { Probe } from '../../lifetime/probe.ts';
import { module, timers as nodeTimers } from '../../runtime/builtins.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { type AnyFunction, type Detach, detachAll, patchMethod } from '../patch.ts';

/** A timeout shorter than this is over before anybody would care, whatever happens to its request. */
const longTimeoutMs = 10_000;

/** `_destroyed` is how Node marks a timer that was cleared or has fired for the last time. */
const timerProbe: Probe = {
  isRooted: () => true,
  endOf: (thing) => ((thing as { readonly _destroyed?: boolean })._destroyed === true ? 'released' : undefined),
};

/** Intervals, and timeouts of 10 s and more. Ended when cleared; an interval that outlives its request fires for good. */
export const timers: Hook = {
  group: 'timers',
  attach(observer) {
    const interval = observer.defineType({
      kind: 'timer',
      name: 'setInterval',
      probe: timerProbe,
      judgement: 'scope',
      advice: 'call `clearInterval()` when its request closes, e.g. in `res.on("close", …)`',
    });
    const timeout = observer.defineType({
      kind: 'timer',
      name: 'setTimeout',
      probe: timerProbe,
      // a timeout ends by itself: it is counted, never accused of the time that it was given
      judgement: 'none',
      advice: 'call `clearTimeout()` when its request closes',
    });
    const onInterval = (timer: object): void => observer.open(timer, interval);
    const onTimeout = (timer: object, ms: unknown): void => {
      if (Number(ms) >= longTimeoutMs) observer.open(timer, timeout);
    };
    const detach = detachAll(
      [globalThis, nodeTimers].flatMap((target) => [
        returning(observer, target, 'setInterval', onInterval),
        returning(observer, target, 'setTimeout', onTimeout),
      ]),
    );
    module.syncBuiltinESMExports();
    return () => {
      detach();
      module.syncBuiltinESMExports();
    };
  },
};

/** Sees what a timer function returns; the call itself goes through as it came. */
function returning(
  observer: Observer,
  target: object,
  name: string,
  see: (timer: object, ms: unknown) => void,
): Detach {
  const safelySee = observer.safely(name, see);
  return patchMethod(
    target,
    name,
    (original: AnyFunction, state) =>
      function timerFunction(this: unknown, _: unknown, ms: unknown): unknown {
        const timer: unknown = Reflect.apply(original, this, arguments);
        if (state.active && typeof timer === 'object' && timer !== null) safelySee(timer, ms);
        return timer;
      },
  );
}
