import type { Ledger } from '../../lifetime/ledger.ts';
import { libraryOf } from '../../lifetime/library.ts';
import { capturedFrames } from '../../runtime/stack.ts';
import type { AnyFunction } from '../patch.ts';

/** Calls a sweep whose caller is looked at, at 1 µs each: the first ones, and of the rest one in 64, by chance, for apps have rhythms. */
const firstOfSweep = 128;
const mostOfSweep = 256;
const oneIn = 64;

/**
 * Which calls of one method of Node's are the app's, or those of a library of its. Node calls its own methods many times a
 * request (a `fetch` with a body splits and reads three web streams), so in a busy app a sample of all calls is asked.
 */
export class CallerSample {
  readonly #ledger: Ledger;
  #sweep = -1;
  #asked = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** @param call the function on the stack whose caller is meant */
  isOutsideNode(call: AnyFunction): boolean {
    const { sweepCount } = this.#ledger;
    if (this.#sweep !== sweepCount) {
      this.#sweep = sweepCount;
      this.#asked = 0;
    }
    if (this.#asked >= mostOfSweep) return false;
    if (this.#asked >= firstOfSweep && Math.random() >= 1 / oneIn) return false;
    this.#asked++;
    const [caller] = capturedFrames(1, call);
    // the package is the same code that Node has within it
    return caller !== undefined && libraryOf(caller.file) !== 'undici';
  }
}
