import { defaultOutlivedRule, type OutlivedRule, scaledRule } from '../../src/detect/survival-rule.ts';

export const scalings = { as_they_are: 1, half: 0.5, double: 2 } as const;
export type Scaling = keyof typeof scalings;

/** The constants of the rules that may be set from outside. */
export interface Constants {
  readonly outlived: OutlivedRule;
}

/** All constants times a factor: a score that hangs on one of them shows. */
export const constantsAt = (scaling: Scaling): Constants => ({
  outlived: scaledRule(defaultOutlivedRule, scalings[scaling]),
});
