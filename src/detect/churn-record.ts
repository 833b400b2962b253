import type { Origin } from '../lifetime/origin.ts';

/** Sweeps to a window, and windows that are looked at together. */
export const churnWindowSweeps = 8;
const windowsKept = 8;

/** What was made and closed in one window, as far as its line was captured, and how many that stands for. */
interface ChurnWindow {
  readonly opened: number;
  readonly closedInTime: number;
  readonly made: number;
}

/** What one origin has made and closed of late. */
export interface Churn {
  /** Of all its clients, those whose line was not captured included. */
  readonly made: number;
  /** Of those, the share that was closed before its work was over. */
  readonly closedShare: number;
  readonly windowsWithSome: number;
  readonly spanMs: number;
}

/** How many an origin makes and closes, window by window. */
export class ChurnRecord {
  readonly #windows: ChurnWindow[] = [];
  readonly #endsMs: number[];
  #opened: number;
  #endedInTime: number;
  /** The name that its work had when it was last seen over. */
  scopeName: string | undefined = undefined;

  constructor({ opened, endedInTime }: Origin, nowMs: number) {
    this.#opened = opened;
    this.#endedInTime = endedInTime;
    this.#endsMs = [nowMs];
  }

  /** @param perCapture how many openings each captured one stands for */
  endWindow({ opened, endedInTime, openedIn }: Origin, perCapture: number, nowMs: number): void {
    const openedHere = opened - this.#opened;
    this.#windows.push({
      opened: openedHere,
      closedInTime: endedInTime - this.#endedInTime,
      made: openedHere * perCapture,
    });
    this.#endsMs.push(nowMs);
    this.#opened = opened;
    this.#endedInTime = endedInTime;
    if (this.#windows.length > windowsKept) {
      this.#windows.shift();
      this.#endsMs.shift();
    }
    if (openedIn?.ended === true) this.scopeName = openedIn.name;
  }

  openedSince({ opened }: Origin): number {
    return opened - this.#opened;
  }

  /** Of the last windows; `undefined` before there are enough of them. */
  get churn(): Churn | undefined {
    if (this.#windows.length < windowsKept) return undefined;
    const sum = (of: (window: ChurnWindow) => number): number =>
      this.#windows.reduce((total, window) => total + of(window), 0);
    return {
      made: sum(({ made }) => made),
      closedShare:
        sum(({ closedInTime }) => closedInTime) /
        Math.max(
          1,
          sum(({ opened }) => opened),
        ),
      windowsWithSome: this.#windows.filter(({ opened }) => opened > 0).length,
      spanMs: (this.#endsMs.at(-1) ?? 0) - (this.#endsMs[0] ?? 0),
    };
  }
}
