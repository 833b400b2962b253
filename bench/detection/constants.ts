import { defaultOutlivedRule, type OutlivedRule } from '../../src/detect/outlived.ts';

export const scalings = { as_they_are: 1, half: 0.5, double: 2 } as const;
export type Scaling = keyof typeof scalings;

/** The constants of the rules that a user of the rules may set. */
export interface Constants {
  readonly outlived: OutlivedRule;
}

/** All constants times a factor: a score that hangs on one of them shows. */
export function constantsAt(scaling: Scaling): Constants {
  return { outlived: scaled(defaultOutlivedRule, scalings[scaling]) };
}

const scaled = <Rule extends object>(rule: Rule, by: number): Rule =>
  Object.fromEntries(
    Object.entries(rule).map(([name, value]) => [name, typeof value === 'number' ? value * by : value]),
  ) as Rule;
