import type { Severity } from './finding.ts';

const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

export const isWorse = (a: Severity, b: Severity): boolean => rank[a] > rank[b];
