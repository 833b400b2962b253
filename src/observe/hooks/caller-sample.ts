import type { Ledger } from '../../lifetime/ledger.ts';
import { libraryOf } from '../../lifetime/library.ts';
import { capturedFrames } from '../../runtime/stack.ts';
import type { AnyFunction } from '../patch.ts';

/** Calls a sweep whose caller is looked at, at 1 µs each: the first ones, and of the rest one in 64, by chance, for apps have rhythms. */
const firstOfSweep = 128;
const mostOfSweep = 256;
const oneIn = 64;

/** Calls of some methods, and how many of their callers were looked at. */
export class CallCounts {
  calls = 0;
  asked = 0;

  /** Of the calls since the last time that it was asked. */
  takeShare(): number {
    const share = this.calls === 0 ? 1 : this.asked / this.calls;
    this.calls = this.asked = 0;
    return share;
  }
}

/**
 * Which calls of one method of Node's are the app's, or those of a library of its. Node calls its own methods many times a
 * request (a `fetch` with a body splits and reads three web streams), so in a busy app a sample of all calls is asked.
 */
export class CallerSample {
  readonly #ledger: Ledger;
  #sweep = -1;
  #asked = 0;
  /** Calls, and of these the ones whose caller was looked at, since the last word on them. */
  readonly #told: CallCounts;

  /** @param told shared by the methods of one group of hooks */
  constructor(ledger: Ledger, told: CallCounts) {
    this.#ledger = ledger;
    this.#told = told;
  }

  /** @param call the function on the stack whose caller is meant */
  isOutsideNode(call: AnyFunction): boolean {
    const { sweepCount, samplingShare } = this.#ledger;
    this.#told.calls++;
    if (this.#sweep !== sweepCount) {
      this.#sweep = sweepCount;
      this.#asked = 0;
    }
    if (this.#asked >= mostOfSweep * samplingShare) return false;
    if (this.#asked >= firstOfSweep * samplingShare && Math.random() >= 1 / oneIn) return false;
    this.#asked++;
    this.#told.asked++;
    const [caller] = capturedFrames(1, call);
    // the package is the same code that Node has within it
    return caller !== undefined && libraryOf(caller.file) !== 'undici';
  }
}
