/** Sweeps of a month at 10 s each: judgement is counted in sweeps. */
export const sweepsPerMonth = 262_800;
/** What is there at the start, in months: so much the first leak may cost, and each restart of the process. */
const startMonths = 0.25;
/** Of what is there, the part that one look at one origin takes that sees a thing end or double its age. */
const stakeShare = 1 / 32;

/**
 * How many false alarms may be raised, as a purse that fills with time. Each look at an origin's survivors takes a stake
 * out of it: the more origins there are to look at, the less is there for each, and the more evidence it takes.
 */
export class AlarmBudget {
  readonly #perSweep: number;
  #left: number;
  #sweep = 0;

  /** @param perMonth false alarms that all origins together may raise in a month of sweeps, on average */
  constructor(perMonth: number) {
    this.#perSweep = perMonth / sweepsPerMonth;
    this.#left = perMonth * startMonths;
  }

  /** Takes the stake of one look at this sweep; of one that sees less than one doubling so much less. */
  takeStake(sweep: number, seen = 1): number {
    this.#left += this.#perSweep * Math.max(0, sweep - this.#sweep);
    this.#sweep = Math.max(this.#sweep, sweep);
    const stake = stakeShare * Math.min(1, seen) * this.#left;
    this.#left -= stake;
    return stake;
  }
}
