import type { Origin } from '../lifetime/origin.ts';
import { AlarmBudget } from './alarm-budget.ts';
import { Disturbances } from './disturbances.ts';
import { learntAge } from './learnt-age.ts';
import { noEvidence, stepAgeing, type SurvivalEvidence } from './statistics/survival-e-process.ts';
import { defaultOutlivedRule, priorTestAge, type SurvivalRule } from './survival-rule.ts';

/** A month's false alarms over all origins of a process. */
export const defaultAlarmsPerMonth = 0.05;
/** Sweeps between two looks at how long an origin's things live. */
const learnEverySweeps = 8;
/** Doublings and ends, and sweeps, after which an origin's own record counts for what is healthy there. */
const enoughLooks = 300;
const enoughSweeps = 2160;
/** Of the share that its record shows, what is taken for healthy; where it is lower than that, it is no record of health. */
const recordMargin = 0.8;
const leastRecord = 0.12;
/** Evidence above the alarm's that is kept, as a logarithm: so much what ends has to make up for. */
const maxLogEvidence = 8;

/** What was counted at an origin until the moment from which on its things may have begun to stay. */
export interface Before {
  readonly sweep: number;
  readonly opened: number;
  readonly ended: number;
  readonly matured: number;
  readonly stayed: number;
  readonly lateEnds: number;
}

/** What has become of an origin's survivors, and what that is worth as evidence. */
interface Watch {
  evidence: SurvivalEvidence;
  stayed: number;
  lateEnds: number;
  matured: number;
  before: Before;
  lookedAtSweep: number;
  learnAtSweep: number;
  /** Youngest test age under which the evidence was taken. */
  testAge: number;
}

/**
 * Whether the things of one origin stay for good. How long the healthy ones live is learnt, origin by origin; what is far
 * older is watched for whether it ends; that is evidence, and how much of it an alarm takes is set by a budget
 * of false alarms that all origins share.
 */
export class Survival {
  readonly #rule: SurvivalRule;
  readonly #budget: AlarmBudget;
  readonly #watches = new Map<Origin, Watch>();
  readonly #disturbances = new Disturbances();

  constructor(rule: SurvivalRule = defaultOutlivedRule, alarmsPerMonth: number = defaultAlarmsPerMonth) {
    this.#rule = rule;
    this.#budget = new AlarmBudget(alarmsPerMonth);
  }

  /** Takes in what became of its survivors since the last sweep. To be called for each origin at each sweep, before others ask. */
  look(origin: Origin, sweep: number): void {
    let watch = this.#watches.get(origin);
    if (watch === undefined) {
      origin.testAge = priorTestAge(origin.type.kind, this.#rule);
      if (origin.matured === 0 && origin.lateEnds === 0 && origin.ages.ends < this.#rule.minEnds) return;
      this.#watches.set(origin, (watch = watchOf(origin, sweep)));
    }
    if (watch.lookedAtSweep === sweep) return;
    watch.lookedAtSweep = sweep;
    if (origin.matured > watch.matured) this.#disturbances.note(origin, sweep);
    watch.matured = origin.matured;
    if (sweep >= watch.learnAtSweep) this.#learn(origin, watch, sweep);
    this.#step(origin, watch, sweep);
  }

  /** Whether the evidence is enough for an alarm, at this sweep. */
  isConvinced(origin: Origin): boolean {
    return (this.#watches.get(origin)?.evidence.logShiryaevRoberts ?? -Infinity) >= 0;
  }

  /** What was counted until its things may have begun to stay. */
  before(origin: Origin): Before {
    return this.#watches.get(origin)?.before ?? untilNow(origin, 0);
  }

  /** It was not right: what was held against it is void. */
  acquit(origin: Origin, sweep: number): void {
    const watch = this.#watches.get(origin);
    if (watch !== undefined) reset(origin, watch, sweep);
  }

  #step(origin: Origin, watch: Watch, sweep: number): void {
    const ended = origin.lateEnds - watch.lateEnds;
    const doublings = this.#disturbances.isDisturbed(sweep) ? 0 : origin.stayed - watch.stayed;
    watch.lateEnds = origin.lateEnds;
    watch.stayed = origin.stayed;
    if (ended + doublings > 0) {
      const logStake = Math.log(this.#budget.takeStake(sweep, ended + doublings));
      const hypotheses = { healthyShare: this.#healthyShareOf(origin, watch), leakyShare: this.#rule.leakyShare };
      const evidence = stepAgeing(watch.evidence, { doublings, ended }, hypotheses, logStake);
      watch.evidence = { ...evidence, logShiryaevRoberts: Math.min(maxLogEvidence, evidence.logShiryaevRoberts) };
    }
    if (watch.evidence.logCusum > 0) return;
    watch.testAge = origin.testAge;
    if (ended > 0 || origin.standing === 0) watch.before = untilNow(origin, sweep);
  }

  /** Where ages have no end to their tail, fewer end while they double than elsewhere: its record of hours shows how many. */
  #healthyShareOf({ firstSweep }: Origin, { before: { sweep, lateEnds, stayed } }: Watch): number {
    const { healthyShare } = this.#rule;
    const record = lateEnds / Math.max(1, lateEnds + stayed);
    if (lateEnds + stayed < enoughLooks || sweep - firstSweep < enoughSweeps || record < leastRecord)
      return healthyShare;
    return Math.min(healthyShare, recordMargin * record);
  }

  /** What was held against it at an age that healthy ones may well reach is void. */
  #learn(origin: Origin, watch: Watch, sweep: number): void {
    watch.learnAtSweep = sweep + learnEverySweeps;
    const learnt = learntAge(origin.ages, this.#rule, sweep - origin.firstSweep);
    const testAge = Math.max(priorTestAge(origin.type.kind, this.#rule), learnt);
    if (testAge < origin.testAge) origin.testAgeLoweredSweep = sweep;
    origin.testAge = testAge;
    if (origin.testAge >= 2 * watch.testAge) reset(origin, watch, sweep);
    watch.testAge = Math.min(watch.testAge, origin.testAge);
  }
}

const untilNow = ({ opened, ended, matured, stayed, lateEnds }: Origin, sweep: number): Before => ({
  sweep,
  opened,
  ended,
  matured,
  stayed,
  lateEnds,
});

const watchOf = (origin: Origin, sweep: number): Watch => ({
  evidence: noEvidence,
  stayed: 0,
  lateEnds: 0,
  matured: 0,
  // its first late ones count
  before: { ...untilNow(origin, sweep), opened: origin.opened - origin.matured, matured: 0, stayed: 0, lateEnds: 0 },
  lookedAtSweep: -1,
  learnAtSweep: 0,
  testAge: origin.testAge,
});

function reset(origin: Origin, watch: Watch, sweep: number): void {
  watch.evidence = noEvidence;
  watch.before = untilNow(origin, sweep);
  watch.testAge = origin.testAge;
}
