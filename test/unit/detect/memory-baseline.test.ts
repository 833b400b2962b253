import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MemoryBaseline, baselineOf } from '../../../src/detect/memory-baseline.ts';
import { MemorySeries, maxSamples } from '../../../src/detect/memory-series.ts';
import { mb, minuteMs, sampleOf } from './memory-samples.ts';

const windowMs = 5 * minuteMs;

function seriesOf(rss: readonly number[], stepMs = minuteMs): MemorySeries {
  const series = new MemorySeries();
  rss.forEach((level, i) => series.add(sampleOf({ atMs: i * stepMs, rssBytes: level * mb })));
  return series;
}

describe('MON-2: the series', () => {
  test('keeps the last 1,000 samples', () => {
    const series = seriesOf(Array.from({ length: 1500 }, (_, i) => i));
    assert.equal(series.samples.length, maxSamples);
    assert.equal(series.samples[0]?.rssBytes, 500 * mb);
    assert.equal(series.added, 1500);
  });
});

describe('MON-3: the baseline', () => {
  test('is the median over a window that is spanned by five samples and more', () => {
    assert.equal(baselineOf(seriesOf([100, 120, 110, 500, 90, 105]), windowMs)?.rssBytes, 107.5 * mb);
  });

  test('is not there before the window is spanned, however many samples there are', () => {
    assert.equal(baselineOf(seriesOf(Array<number>(200).fill(100), 1000), windowMs), undefined);
  });

  test('is not there for fewer than five samples, however far apart', () => {
    assert.equal(baselineOf(seriesOf([100, 100, 100, 100], 10 * minuteMs), windowMs), undefined);
  });

  test('falls with what a later window holds and never rises', () => {
    const series = new MemorySeries();
    const baseline = new MemoryBaseline(windowMs);
    const levels = [...Array<number>(6).fill(150), ...Array<number>(6).fill(100), ...Array<number>(20).fill(400)];
    levels.forEach((level, i) => {
      series.add(sampleOf({ atMs: i * minuteMs, rssBytes: level * mb }));
      baseline.update(series);
    });
    assert.equal(baseline.value?.rssBytes, 100 * mb);
  });

  test('of an earlier run holds from the first minute on', () => {
    const baseline = new MemoryBaseline(windowMs);
    baseline.restore({ rssBytes: 80 * mb, heapUsedBytes: 20 * mb });
    baseline.update(seriesOf([100]));
    assert.equal(baseline.value?.rssBytes, 80 * mb);
  });
});
