/** Scalar series that one process exports at most. Why, and how they are dealt out: docs/decisions/0007-series-budget.md. */
export const maxScalarSeries = 150;

/** What each group of scalars is sure of. The closed sets fit whole; names that an app gives fold into `other` beyond. */
const sureOf = {
  /** memory 19, outlive itself 8 */
  own: 27,
  /** process 7, heap spaces 8, active resources 4, event loop 10, requests under way 3 */
  runtime: 32,
  /** two states of a pool */
  pools: 2,
  /** one for all groups of hooks, and those that look at fewer */
  sampling: 3,
  /** open, opened and two sorts of end for ten kinds */
  kinds: 42,
  unreleased: 6,
  /** what stands, by type: alerts rest on it */
  active: 8,
  /** at whose place it stands, and what was ever said */
  findings: 11,
  scopes: 5,
  queues: 7,
  /** the rows of what was folded */
  other: 6,
} as const;

export type ScalarGroup = keyof typeof sureOf;

/** @param runtime whether the metrics of the semantic conventions are exported; without them the others have their share */
export const sureSeries = (runtime: boolean): Readonly<Record<ScalarGroup, number>> =>
  runtime ? sureOf : { ...sureOf, runtime: 0, pools: 0 };
