import { Fragmentation, type HeldMemory } from '../detect/fragmentation.ts';
import type { Detector } from '../detect/detector.ts';
import { floorWindowOf } from '../detect/heap-patience.ts';
import type { PressureLevel } from '../detect/memory-pressure.ts';
import { MemoryLimits } from '../detect/memory-limit.ts';
import { type MemoryNow, MemoryRecord } from '../detect/memory-record.ts';
import type { MemoryFacts, MemoryThresholds } from '../detect/memory-thresholds.ts';
import { isMainThread } from '../runtime/main-thread.ts';
import type { MemoryReading } from '../runtime/memory-readings.ts';
import type { Config } from './config-table.ts';
import type { Engine } from './engine.ts';
import { MemoryStateFile } from './memory-state-file.ts';
import { pressureListeners } from './on-pressure.ts';
import { MemoryWatch } from './memory-watch.ts';
import { PressureWatch } from './pressure-watch.ts';

/** What outlive makes of its readings of memory: samples with their load, baseline, growth, findings, pressure. */
export class MemoryJudging {
  readonly watch: MemoryWatch;
  readonly record: MemoryRecord;
  readonly limits: MemoryLimits;
  readonly detectors: readonly Detector[];
  readonly #engine: Engine;
  readonly #pressure: PressureWatch;
  readonly #file: MemoryStateFile | undefined;
  #startedBefore = 0;
  #sampledMs: number;

  constructor(engine: Engine) {
    const { config, clock, observer, troubles } = engine;
    this.#engine = engine;
    this.#sampledMs = clock.nowMs();
    this.record = new MemoryRecord(config.memoryBaselineMs);
    this.watch = new MemoryWatch({
      intervalMs: config.memoryIntervalMs,
      floorWindowMs: floorWindowOf(config.sweepIntervalMs),
      nowMs: clock.nowMs,
      sampled: (...sample) => observer.guard('memory sample', () => this.#onSample(...sample)),
    });
    this.limits = new MemoryLimits(() => this.#judge(), thresholdsOf(config));
    this.detectors = [this.limits, new Fragmentation(() => this.#held(), config.memoryBaselineMs)];
    this.#pressure = new PressureWatch({ observer, listeners: pressureListeners, failed: troubles.note });
    // one writer: worker threads have the options of the main thread
    if (config.memoryStateFile !== undefined && isMainThread) {
      this.#file = new MemoryStateFile({ path: config.memoryStateFile, clock, failed: troubles.note });
    }
  }

  attach(): void {
    this.watch.attach();
    void this.#engine.observer.quietly(() => this.#file?.restore(this.record));
  }

  detach(): void {
    this.watch.detach();
  }

  /** Keeps what is to be kept over a restart. */
  async save(timeoutMs: number): Promise<void> {
    await this.#file?.save(this.record, timeoutMs);
  }

  facts(): MemoryFacts {
    return this.record.facts(this.#now());
  }

  #now(): MemoryNow {
    const reading = this.watch.latest();
    return { rssBytes: ownBytes(reading), limits: reading.limits, heapFloor: this.watch.floors.recent.at(-1) };
  }

  #held(): HeldMemory {
    const reading = this.watch.latest();
    const isAlone = isMainThread && (this.#engine.ledger.tallies.get('worker')?.open ?? 0) === 0;
    return { ...reading, rssBytes: isAlone ? reading.rssBytes : undefined };
  }

  *#judge(): Generator<undefined, MemoryFacts> {
    const now = this.#now();
    yield;
    yield* this.record.judge(now);
    return this.record.facts(now);
  }

  get pressureLevel(): PressureLevel {
    return this.#pressure.level;
  }

  /** Pressure comes and goes within seconds. */
  onSweep(): void {
    this.#pressure.look(this.watch.latest(), this.facts());
  }

  #onSample(reading: MemoryReading, atMs: number, heapFloorBytes: number | undefined): void {
    const { heapUsedBytes, heapTotalBytes } = reading;
    const { scopeStats } = this.#engine.ledger;
    const spanS = (atMs - this.#sampledMs) / 1000;
    const startedPerS = spanS > 0 ? (scopeStats.total - this.#startedBefore) / spanS : 0;
    this.#startedBefore = scopeStats.total;
    this.#sampledMs = atMs;
    let inFlight = 0;
    for (const [, active] of scopeStats.active()) inFlight += active;
    this.record.add({
      atMs,
      rssBytes: ownBytes(reading),
      heapUsedBytes,
      heapTotalBytes,
      heapFloorBytes,
      inFlight,
      startedPerS,
    });
    this.#engine.observer.quietly(() => this.#file?.saveIfDue(this.record));
  }
}

/** What is resident belongs to all threads: a worker knows only its own. */
const ownBytes = ({ rssBytes, heapTotalBytes, externalBytes }: MemoryReading): number =>
  isMainThread ? rssBytes : heapTotalBytes + externalBytes;

function thresholdsOf(config: Config): MemoryThresholds {
  return {
    sort: config.memoryThresholds,
    limitRatio: {
      warning: config.memoryLimitWarningPercent / 100,
      critical: config.memoryLimitCriticalPercent / 100,
    },
    exhaustionHours: {
      warning: config.memoryExhaustionWarningMinutes / 60,
      critical: config.memoryExhaustionCriticalMinutes / 60,
    },
    aboveBaselineBytes: { warning: config.memoryWarningMb * 1e6, critical: config.memoryCriticalMb * 1e6 },
    growthBytesPerHour: {
      warning: config.memoryGrowthWarningMbPerHour * 1e6,
      critical: config.memoryGrowthCriticalMbPerHour * 1e6,
    },
  };
}
