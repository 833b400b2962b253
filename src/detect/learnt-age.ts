import type { LifeTable, LifeTableRow } from '../lifetime/life-table.ts';
import { survivalCurve, type SurvivalPoint } from './statistics/kaplan-meier.ts';
import type { SurvivalRule } from './survival-rule.ts';

/** Times an age for which what is older must have been followed before it is said that it stays. */
const followUp = 1.5;
/** Times an age for which an origin must have been watched before its ends alone tell who gets so old. */
const watchedFor = 8;

/**
 * The age, in sweeps past their scope's end, beyond which it tells something that a thing is open still.
 *
 * Where those that are older have been seen to stay, but for `maxEndingShare` of them, it is the age from which on they do:
 * a share that is leaked. Else it is `ageFactor` times the age that all but `learntTail` of those that end at all have not
 * passed (a cure model: Maller & Zhou, Survival Analysis with Long-Term Survivors, 1996).
 *
 * @param forSweeps for which the origin has been watched
 * @returns 0 where too few have ended to know
 */
export function learntAge(ages: LifeTable, rule: SurvivalRule, forSweeps = 0): number {
  if (ages.ends < rule.minEnds) return 0;
  const rows = ages.rows();
  const steps = survivalCurve(rows);
  const followed = followedAge(rows, rule.minFollowed);
  const staying = steps.at(-1)?.share ?? 1;
  const plateau = steps.find(
    ({ age, share }) => share - staying <= rule.maxEndingShare * share && followUp * age <= followed,
  );
  if (plateau !== undefined && plateau.share > 0) return plateau.age;
  const longest = ageAtShare(steps, staying + rule.learntTail * (1 - staying));
  return Math.ceil(rule.ageFactor * Math.min(longest, rarelyPassed(rows, rule, forSweeps)));
}

/**
 * The age that next to none of those that ended had passed, where it was watched for many times as long: so what began to
 * leak a moment ago does not weigh against the few that got old in hours of health.
 */
function rarelyPassed(rows: readonly LifeTableRow[], { learntTail }: SurvivalRule, forSweeps: number): number {
  const ends = rows.reduce((sum, { ended }) => sum + ended, 0);
  let later = ends;
  for (const { age, ended } of rows) {
    const least = learntTail * ends;
    if (later - ended <= least) {
      return watchedFor * age <= forSweeps ? within(age, (later - least) / ended) : Infinity;
    }
    later -= ended;
  }
  return Infinity;
}

/** So far into the quarter of an octave that ends with an age. */
const within = (age: number, share: number): number => age * (1 - (1 - share) * (1 - 2 ** -0.25));

/** Where the curve comes down to a share, 0 where it does not. */
function ageAtShare(steps: readonly SurvivalPoint[], least: number): number {
  const at = steps.findIndex(({ share }) => share <= least);
  const [step, before] = [steps[at], steps[at - 1]];
  if (step === undefined) return 0;
  const more = before?.share ?? 1;
  return within(step.age, (more - least) / (more - step.share));
}

/** The age that so many have reached at least. */
function followedAge(rows: readonly LifeTableRow[], least: number): number {
  let reached = 0;
  for (const { age, ended, censored } of rows.toReversed()) if ((reached += ended + censored) >= least) return age;
  return 0;
}
