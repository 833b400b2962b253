import { util } from '../runtime/builtins.ts';
import { proxyTargets } from '../runtime/proxy-target.ts';
import { ownTimers } from '../runtime/timers.ts';
import type { Observer } from './observer.ts';

/** At 0.15 ms each, 0.6 ms of the event loop at a time. */
const looksAtOnce = 4;
/** 0.2 % of a core at the default interval; of a class that is wrapped and ended more often, most ends are missed. */
const looksPerSweep = 128;

/** Tells of what stands behind a Proxy that a call was made on: `proxy.close()` ends the client that it wraps. */
export class BehindProxies {
  readonly #observer: Observer;
  readonly #tell: (thing: object) => void;
  #waiting: object[] = [];
  #sweep = -1;
  #looksLeft = 0;

  constructor(observer: Observer, tell: (thing: object) => void) {
    this.#observer = observer;
    this.#tell = tell;
  }

  /** Looked up after the call, outside of the app's turn; of what is no Proxy nothing is told. */
  lookUp(called: object): void {
    if (!util.types.isProxy(called)) return;
    const { sweepCount } = this.#observer.ledger;
    if (this.#sweep !== sweepCount) {
      this.#sweep = sweepCount;
      this.#looksLeft = looksPerSweep;
    }
    if (this.#looksLeft === 0) return;
    this.#looksLeft--;
    if (this.#waiting.push(called) === 1) this.#soon();
  }

  #soon(): void {
    ownTimers.setImmediate(() => {
      const batch = this.#waiting.slice(0, looksAtOnce);
      this.#waiting = this.#waiting.slice(looksAtOnce);
      if (this.#waiting.length > 0) this.#soon();
      this.#observer.guard('behind a Proxy', () => {
        for (const target of proxyTargets(batch)) if (target !== undefined) this.#tell(target);
      });
    });
  }
}
