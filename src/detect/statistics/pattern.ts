import { standardDeviation } from 'simple-statistics';
import type { Pattern } from '../finding.ts';
import { changePoints } from './change-points.ts';
import { leftOver } from './cholesky.ts';
import { trend } from './trend.ts';

const minPoints = 16;
/** Another shape than a line must leave at most this share of what the line leaves. */
const muchBetter = 0.5;
/** Jumps are alike where their sizes, and their distances, spread no more than this share of their mean. */
const alike = 0.5;

interface Shape {
  /** `undefined` where growth levels off. */
  readonly pattern: Pattern | undefined;
  /** Squared distance of the points from it. */
  readonly left: number;
  readonly parameters: number;
}

/**
 * The shape of growth: the model that explains the points best for the parameters it needs (Schwarz, Annals of Statistics 6
 * (1978) 461) of a line, an exponential, steps, a line with a wave on it, and growth that levels off. Steps of like size and distance are
 * `stepped`, others `sporadic`. A line is preferred unless another leaves half of what it leaves.
 *
 * @param x strictly rising
 * @returns `undefined` for fewer than 16 points, where nothing grows or waves, and where growth levels off
 */
export function patternOf(x: readonly number[], y: readonly number[]): Pattern | undefined {
  const slope = trend(x, y);
  if (y.length < minPoints || slope === undefined) return undefined;
  const first = x[0] ?? 0;
  const share = x.map((at) => (at - first) / ((x.at(-1) ?? 0) - first));
  const middle = y.reduce((sum, level) => sum + level, 0) / y.length;
  const levels = y.map((level) => level - middle);
  const line: Shape = { pattern: 'linear', left: leftOver(lineOf(share), levels), parameters: 2 };
  const others = [
    exponential(share, levels),
    levelling(share, levels),
    stepped(share, levels),
    cyclic(share, levels),
  ].filter(({ left, parameters }) => left < muchBetter * line.left && parameters < y.length / 2);
  const scored = [line, ...others].toSorted((a, b) => criterion(a, y.length) - criterion(b, y.length));
  const best = scored[0] ?? line;
  return best === line && slope.low <= 0 && slope.high >= 0 ? undefined : best.pattern;
}

/** Schwarz's criterion: smaller is better. */
const criterion = ({ left, parameters }: Shape, n: number): number =>
  n * Math.log(Math.max(left, Number.MIN_VALUE) / n) + parameters * Math.log(n);

const lineOf = (share: readonly number[]): (readonly number[])[] => [share.map(() => 1), share];

const least = (shapes: readonly Shape[]): Shape =>
  shapes.reduce((best, shape) => (shape.left < best.left ? shape : best));

const powersOfE = [1, 1.5, 2, 3, 4, 6, 8];

/** What grows by one to eight powers of e over the span. */
function exponential(share: readonly number[], levels: readonly number[]): Shape {
  const left = powersOfE.map((powers) => leftOver(bentBy(powers, share), levels));
  return { pattern: 'exponential', left: Math.min(...left), parameters: 3 };
}

/** What gets as much nearer to its end. */
function levelling(share: readonly number[], levels: readonly number[]): Shape {
  const left = powersOfE.map((powers) => leftOver(bentBy(-powers, share), levels));
  return { pattern: undefined, left: Math.min(...left), parameters: 3 };
}

const bentBy = (powers: number, share: readonly number[]): (readonly number[])[] => [
  share.map(() => 1),
  share.map((at) => Math.exp(powers * (powers > 0 ? at - 1 : at))),
];

function stepped(share: readonly number[], levels: readonly number[]): Shape {
  const steps = changePoints(levels);
  const bounds = [0, ...steps, levels.length];
  const segments = steps.concat(levels.length).map((end, i) => levels.slice(bounds[i], end));
  const means = segments.map((segment) => segment.reduce((sum, level) => sum + level, 0) / segment.length);
  const left = segments
    .flatMap((segment, i) => segment.map((level) => (level - (means[i] ?? 0)) ** 2))
    .reduce((sum, square) => sum + square, 0);
  const sizes = means.slice(1).map((mean, i) => mean - (means[i] ?? 0));
  const distances = steps.slice(1).map((step, i) => (share[step] ?? 0) - (share[steps[i] ?? 0] ?? 0));
  const regular = steps.length >= 3 && areAlike(sizes) && areAlike(distances);
  return { pattern: regular ? 'stepped' : 'sporadic', left, parameters: 2 * steps.length + 1 };
}

function areAlike(values: readonly number[]): boolean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return standardDeviation([...values]) <= alike * Math.abs(mean);
}

/** Waves from two and a half in all to one in four points. */
function cyclic(share: readonly number[], levels: readonly number[]): Shape {
  const waves = Array.from({ length: levels.length - 9 }, (_, i) => 2.5 + i / 4);
  return least(
    waves.map((wave) => {
      const angles = share.map((at) => 2 * Math.PI * wave * at);
      const columns = [...lineOf(share), angles.map(Math.cos), angles.map(Math.sin)];
      return { pattern: 'cyclic', left: leftOver(columns, levels), parameters: 5 };
    }),
  );
}
