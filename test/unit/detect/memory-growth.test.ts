import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  blockMinima,
  defaultGrowthRule,
  growthPattern,
  type MemoryGrowth,
  memoryGrowth,
  standingGrowthRule,
} from '../../../src/detect/memory-growth.ts';
import type { LoadedBytes } from '../../../src/detect/memory-load.ts';
import { mb, minuteMs } from './memory-samples.ts';
import { normals, remembering, uniforms } from './statistics/random.ts';

const rule = { ...defaultGrowthRule, minSpanMs: 5 * minuteMs };

type Level = (minute: number) => number;
type Load = (minute: number) => readonly number[];

const pointsOf = (minutes: number, level: Level, load: Load = () => [0, 0]): LoadedBytes[] =>
  Array.from({ length: minutes }, (_, i) => ({ atMs: i * minuteMs, bytes: level(i) * mb, loads: load(i) }));

function lookedFor(points: readonly LoadedBytes[], by = rule): MemoryGrowth | undefined {
  const steps = memoryGrowth(points, by);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

const growthOf = (minutes: number, level: Level, load?: Load): MemoryGrowth | undefined =>
  lookedFor(pointsOf(minutes, level, load));

const perHour = (mbPerHour: number) => (minute: number) => (mbPerHour * minute) / 60;

describe('MON-4: a known rate', () => {
  test('of 50 MB/h in 1 MB of noise is told within 10 % after 20 samples, and covered by its interval', () => {
    let covered = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const noise = uniforms(seed);
      const rate = growthOf(20, (i) => 100 + perHour(50)(i) + 2 * noise() - 1)?.rate ?? assert.fail(`seed ${seed}`);
      assert.ok(Math.abs(rate.value / mb - 50) < 5, `seed ${seed}: ${rate.value}`);
      if (rate.low <= 50 * mb && rate.high >= 50 * mb) covered++;
    }
    assert.ok(covered >= 35, `${covered} of 40`);
  });

  test('of 50 MB/h in 5 MB of noise is told within 5 % after four hours', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const noise = normals(seed);
      const rate = growthOf(240, (i) => 100 + perHour(50)(i) + 5 * noise())?.rate ?? assert.fail(`seed ${seed}`);
      assert.ok(Math.abs(rate.value / mb - 50) < 2.5, `seed ${seed}: ${rate.value}`);
    }
  });

  test('that began late is found in the latest part', () => {
    const growth = growthOf(640, (i) => 100 + perHour(60)(Math.max(0, i - 500))) ?? assert.fail();
    assert.ok(Math.abs(growth.rate.value / mb - 60) < 3, String(growth.rate.value));
    assert.ok(growth.spanMs < 160 * minuteMs);
  });

  test('is not told before it has gone on for the window, nor for fewer than 10 samples', () => {
    assert.equal(lookedFor(pointsOf(40, perHour(600)), { ...rule, minSpanMs: 40 * minuteMs }), undefined);
    assert.equal(
      growthOf(9, (i) => 100 + i),
      undefined,
    );
  });
});

describe('growth: its course', () => {
  test('a leak that speeds up is told at its present pace, with its acceleration', () => {
    // 545 MB/h on the whole, 2,180 MB/h at the end
    const growth = growthOf(120, (i) => 100 + 20 * Math.exp(i / 30)) ?? assert.fail();
    assert.ok(growth.latestPerHour > 1000 * mb, String(growth.latestPerHour));
    assert.ok(growth.accelerationPerHour > 0);
  });

  test('one that speeds up slowly is exponential', () => {
    const noise = normals(9);
    const growth = growthOf(120, (i) => 100 + 20 * Math.exp(i / 60) + noise() / 10) ?? assert.fail();
    assert.equal(growthPattern(growth), 'exponential');
  });

  test('a steady leak is linear and hardly accelerates', () => {
    const noise = normals(4);
    const growth = growthOf(120, (i) => 100 + perHour(50)(i) + 0.5 * noise()) ?? assert.fail();
    assert.equal(growthPattern(growth), 'linear');
    assert.ok(Math.abs(growth.accelerationPerHour) < 10 * mb);
  });

  test('what was established stands while it goes on more slowly, at its present pace', () => {
    const slowing: Level = (i) => 100 + (i < 60 ? 2 * i : 120 + 0.6 * (i - 60));
    assert.equal(growthOf(120, slowing), undefined);
    const standing = lookedFor(pointsOf(120, slowing), { ...rule, ...standingGrowthRule });
    assert.ok((standing?.latestPerHour ?? NaN) < 45 * mb);
  });
});

describe('growth: under the load of a day that has passed its peak', () => {
  const noise = normals(7);
  const evening: Load = (i) => {
    const load = 7 + 4.5 * Math.cos((2 * Math.PI * (i - 130)) / 1440);
    return [load, 5 * load];
  };

  test('what fills up is not taken for a leak: its bend and that of the load are alike', () => {
    const points = pointsOf(600, (i) => 100 + 200 * (1 - Math.exp(-i / 180)) + noise(), evening);
    for (let seen = 220; seen <= 600; seen += 20) {
      assert.equal(lookedFor(points.slice(0, seen)), undefined, `after ${seen} min`);
    }
  });

  test('a leak is told, and at its rate where the load holds little', () => {
    const points = pointsOf(600, (i) => 100 + perHour(30)(i) + (evening(i)[0] ?? 0) + noise(), evening);
    const { rate } = lookedFor(points) ?? assert.fail();
    assert.ok(Math.abs(rate.value / mb - 30) < 2, String(rate.value));
  });
});

// in its first minutes a warm-up is a straight line: no finding comes of that, see memory-limit.test.ts
describe('growth: look-alikes of an hour and more stay silent', () => {
  const noise = normals(7);
  const drift = remembering(0.9, normals(3), 1000);
  const day = (i: number): number => 20 + 15 * Math.sin((2 * Math.PI * (i - 300)) / 1440);
  const silent: Record<string, [number, Level, Load?]> = {
    '±1 MB of noise': [600, () => 100 + noise() / 2],
    '30 MB of noise': [600, () => 200 + 30 * noise()],
    'noise that remembers': [1000, (i) => 200 + 8 * (drift[i] ?? 0)],
    'a saw-tooth of garbage': [600, (i) => 100 + 4 * (i % 17)],
    'one step': [600, (i) => (i < 300 ? 100 : 160)],
    'a cache that warms up': [300, (i) => 100 + 100 * (1 - Math.exp(-i / 60))],
    'a busier hour': [200, (i) => 60 + 3 * (20 + i / 10), (i) => [20 + i / 10, 5 * (20 + i / 10)]],
    'a busier day': [1000, (i) => 100 + 5 * day(i) + noise(), (i) => [day(i) + noise() / 5, 5 * day(i)]],
    'growth of 4 MB': [600, (i) => 100 + i / 150],
  };
  for (const [name, [minutes, level, load]] of Object.entries(silent)) {
    test(name, () => {
      const points = pointsOf(minutes, level, load);
      for (let seen = 60; seen <= minutes; seen += 10) {
        assert.equal(lookedFor(points.slice(0, seen)), undefined, `after ${seen} min`);
      }
    });
  }

  test('a leak under a load that swings is told all the same, at the same load', () => {
    const load: Load = (i) => [20 + 10 * Math.sin(i / 20), 100 + 50 * Math.sin(i / 20)];
    const growth = growthOf(240, (i) => 100 + perHour(60)(i) + 2 * (load(i)[0] ?? 0), load) ?? assert.fail();
    assert.ok(Math.abs(growth.rate.value / mb - 60) < 3, String(growth.rate.value));
  });
});

test('block minima: the lowest of each whole block, the oldest that fill none left out', () => {
  const points = pointsOf(
    65,
    (i) => 100 + i,
    (i) => [i],
  );
  const minima = blockMinima(points);
  assert.equal(minima.length, 21);
  assert.deepEqual(minima.at(-1), { atMs: 63 * minuteMs, bytes: 162 * mb, loads: [63] });
});
