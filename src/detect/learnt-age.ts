import type { LifeTable, LifeTableRow } from '../lifetime/life-table.ts';
import { kaplanMeier } from './statistics/kaplan-meier.ts';
import type { SurvivalRule } from './survival-rule.ts';

/** Times an age for which what is older must have been followed before it is said that it stays. */
const followUp = 1.5;

/**
 * The age, in sweeps past their scope's end, beyond which it tells something that a thing is open still.
 *
 * Where those that are older have been seen to stay, but for `maxEndingShare` of them, it is the age from which on they do:
 * a share that is leaked. Else it is `ageFactor` times the age that all but `learntTail` of those that end at all have not
 * passed (a cure model: Maller & Zhou, Survival Analysis with Long-Term Survivors, 1996).
 *
 * @returns 0 where too few have ended to know
 */
export function learntAge(ages: LifeTable, rule: SurvivalRule): number {
  if (ages.ends < rule.minEnds) return 0;
  const rows = ages.rows();
  const steps = kaplanMeier(rows);
  const followed = followedAge(rows, rule.minFollowed);
  const staying = steps.at(-1)?.share ?? 1;
  const plateau = steps.find(
    ({ age, share }) => share - staying <= rule.maxEndingShare * share && followUp * age <= followed,
  );
  if (plateau !== undefined && plateau.share > 0) return plateau.age;
  const longest = steps.find(({ share }) => share - staying <= rule.learntTail * (1 - staying));
  return Math.ceil(rule.ageFactor * (longest?.age ?? 0));
}

/** The age that so many have reached at least. */
function followedAge(rows: readonly LifeTableRow[], least: number): number {
  let reached = 0;
  for (const { age, ended, censored } of rows.toReversed()) if ((reached += ended + censored) >= least) return age;
  return 0;
}
