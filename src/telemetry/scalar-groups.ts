/** Scalar series that one process exports at most. Why, and how they are dealt out: docs/decisions/0004-series-budget.md. */
export const maxScalarSeries = 150;

/** What each group of scalars is sure of. The closed sets fit whole; names that an app gives fold into `other` beyond. */
const sureOf = {
  /** memory 19, outlive itself 7 */
  own: 26,
  /** process 7, heap spaces 8, active resources 4, event loop 10 */
  runtime: 29,
  sampling: 2,
  /** open, opened, released and state of 11 kinds, and what else they do */
  kinds: 45,
  unreleased: 8,
  findings: 19,
  scopes: 6,
  queues: 8,
  /** the rows of what was folded */
  other: 7,
} as const;

export type ScalarGroup = keyof typeof sureOf;

/** @param runtime whether the metrics of the semantic conventions are exported; without them the others have their share */
export const sureSeries = (runtime: boolean): Readonly<Record<ScalarGroup, number>> =>
  runtime ? sureOf : { ...sureOf, runtime: 0 };
