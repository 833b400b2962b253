import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternOf } from '../../../../src/detect/statistics/pattern.ts';
import { levelsOff } from '../../../../src/detect/statistics/saturation.ts';
import { normals, remembering } from './random.ts';

const points = 64;
const runs = 40;
const x = Array.from({ length: points }, (_, i) => 10_000 * i);

/** Megabytes by the share of the time that has passed. */
const shapes = {
  flat: () => 0,
  linear: (at: number) => at,
  exponential: (at: number) => Math.exp(4 * (at - 1)),
  stepped: (at: number) => Math.min(4, Math.floor(5 * at)) / 5,
  sporadic: (at: number) => (at > 0.15 ? 0.1 : 0) + (at > 0.3 ? 0.6 : 0) + (at > 0.85 ? 0.3 : 0),
  cyclic: (at: number) => 0.3 * at + 0.3 * Math.sin(8 * Math.PI * at),
  filling: (at: number) => 1 - Math.exp(-4 * at),
  slowing: (at: number) => Math.log1p(30 * at) / 3,
} as const;
type ShapeName = keyof typeof shapes;

function share(shape: ShapeName, memory: number, holds: (y: readonly number[]) => boolean): number {
  const noise = normals(9);
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const rest = remembering(memory, noise, points);
    const y = rest.map((off, i) => 1e8 * (shapes[shape](i / (points - 1)) + 0.03 * off));
    if (holds(y)) held++;
  }
  return held / runs;
}

for (const shape of ['linear', 'exponential', 'stepped', 'sporadic', 'cyclic'] as const) {
  test(`pattern: ${shape} growth is told as such in nine of ten series`, () => {
    const told = share(shape, 0, (y) => patternOf(x, y) === shape);
    assert.ok(told >= 0.9, String(told));
  });
}

for (const shape of ['flat', 'filling', 'slowing'] as const) {
  test(`pattern: what is ${shape} has none in nine of ten series, whether its noise remembers or not`, () => {
    for (const memory of [0, 0.5]) {
      const none = share(shape, memory, (y) => patternOf(x, y) === undefined);
      assert.ok(none >= 0.9, `${memory}: ${none}`);
    }
  });
}

test('pattern: a line stays one when its noise remembers', () => {
  assert.ok(share('linear', 0.5, (y) => patternOf(x, y) === 'linear') >= 0.9);
});

test('pattern: fewer than 16 points have none', () => {
  const few = x.slice(0, 15);
  assert.equal(patternOf(few, few), undefined);
  assert.equal(patternOf(x.slice(0, 16), x.slice(0, 16)), 'linear');
});

for (const shape of ['filling', 'slowing'] as const) {
  test(`saturation: what is ${shape} levels off in nine of ten series`, () => {
    for (const memory of [0, 0.5]) assert.ok(share(shape, memory, (y) => levelsOff(x, y) === true) >= 0.9);
  });
}

for (const shape of ['linear', 'exponential', 'stepped', 'cyclic'] as const) {
  test(`saturation: ${shape} growth does not level off`, () => {
    for (const memory of [0, 0.5]) assert.ok(share(shape, memory, (y) => levelsOff(x, y) === true) <= 0.05);
  });
}

test('saturation: too few points do not tell', () => {
  assert.equal(levelsOff([1, 2, 3], [1, 2, 3]), undefined);
});
