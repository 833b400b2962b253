import { Docket } from '../../src/detect/docket.ts';
import type { Finding } from '../../src/detect/finding.ts';
import { HeapGrowth } from '../../src/detect/heap-growth.ts';
import { floorWindowOf } from '../../src/detect/heap-patience.ts';
import { MemoryLimits } from '../../src/detect/memory-limit.ts';
import type { MemoryLimit } from '../../src/detect/memory-outlook.ts';
import { type MemoryNow, MemoryRecord } from '../../src/detect/memory-record.ts';
import type { MemoryFacts, MemoryThresholds } from '../../src/detect/memory-thresholds.ts';
import { Sweep } from '../../src/detect/sweep.ts';
import { HeapFloors } from '../../src/lifetime/heap-floors.ts';
import { Ledger } from '../../src/lifetime/ledger.ts';
import { SiteTable } from '../../src/lifetime/site-table.ts';
import { stamp } from '../../src/runtime/stamp.ts';
import { memoryOptionTable as options } from '../../src/sdk/config-memory.ts';
import { Heap, type HeapReading } from './heap.ts';
import { type Holder, type HolderOf, stepMs } from './holders.ts';
import { Random, seedOf } from './random.ts';
import { SampledHeap } from './sampled-heap.ts';

const sampleEverySteps = 6;
const codeBytes = 6e6;
const baselineMs = options.memoryBaselineMs.default.production;

const thresholds: MemoryThresholds = {
  sort: options.memoryThresholds.default,
  limitRatio: {
    warning: options.memoryLimitWarningPercent.default / 100,
    critical: options.memoryLimitCriticalPercent.default / 100,
  },
  exhaustionHours: {
    warning: options.memoryExhaustionWarningMinutes.default / 60,
    critical: options.memoryExhaustionCriticalMinutes.default / 60,
  },
  aboveBaselineBytes: {
    warning: options.memoryWarningMb.default * 1e6,
    critical: options.memoryCriticalMb.default * 1e6,
  },
  growthBytesPerHour: {
    warning: options.memoryGrowthWarningMbPerHour.default.production * 1e6,
    critical: options.memoryGrowthCriticalMbPerHour.default * 1e6,
  },
};

export interface RaisedOfMemory {
  readonly finding: Finding;
  readonly atMs: number;
}

/** One process with a simulated heap before the real judges of memory, wired as in `src/sdk/memory-judging.ts`. */
export class MemoryService {
  /** Each time that one is first told above `info`, be it by one that stood as such before. */
  readonly raised: RaisedOfMemory[] = [];
  readonly #loud = new Set<string>();
  readonly #heap: Heap;
  readonly #profiler: SampledHeap;
  readonly #floors = new HeapFloors(floorWindowOf(stepMs));
  readonly #record = new MemoryRecord(baselineMs);
  readonly #limitBytes: number;
  readonly #sweep: Sweep;
  #rssBytes = 0;
  #heapUsedBytes = 0;
  #steps = 0;

  /** @param chance of the profiler: what the heap holds must not depend on whether somebody looks */
  constructor(chance: Random, heap: Heap, limitBytes: number) {
    this.#heap = heap;
    this.#profiler = new SampledHeap(this.#heap, chance);
    this.#limitBytes = limitBytes;
    const nowMs = (): number => this.#heap.appMs;
    const sites = new SiteTable({ isApp: () => true, isOutlive: () => false });
    const limits = new MemoryLimits(() => this.#judge(), thresholds);
    this.#sweep = new Sweep({
      ledger: new Ledger({ maxOpen: 1000, nowMs, adopted: stamp() }),
      detectors: [
        new HeapGrowth({
          floors: this.#floors,
          profiler: this.#profiler,
          ownership: { isApp: () => true, isOutlive: () => false },
          siteOf: (frames) => sites.siteOf(frames),
          explainedBytes: () => 0,
          isPressed: () => limits.isPressed,
        }),
        limits,
      ],
      docket: new Docket({
        placeOf: ({ frame }) => ({ ...frame, text: frame.fn, stack: '' }),
        wallMs: nowMs,
        ignore: [],
        updateIntervalMs: 60_000,
        maxFindings: 200,
      }),
      nowMs,
      soon: (fn) => fn(),
      tell: (findings) => this.#told(findings),
      failed: (where, error) => {
        throw new Error(`The ${where} failed`, { cause: error });
      },
    });
  }

  get appMs(): number {
    return this.#heap.appMs;
  }

  get isExhausted(): boolean {
    return this.#rssBytes >= this.#limitBytes;
  }

  step(): void {
    const reading = this.#heap.step();
    this.#profiler.step();
    this.#rssBytes = reading.rssBytes;
    this.#heapUsedBytes = reading.heapUsedBytes;
    const { appMs: atMs, floorBytes } = this.#heap;
    if (reading.afterMajor) this.#floors.add({ atMs, bytes: floorBytes, codeBytes });
    if (reading.afterMajor || ++this.#steps % sampleEverySteps === 0) this.#sample(reading, atMs, floorBytes);
    this.#sweep.runToEnd();
  }

  #sample({ afterMajor, ...reading }: HeapReading, atMs: number, floorBytes: number): void {
    this.#record.add({ ...reading, atMs, heapFloorBytes: afterMajor ? floorBytes : undefined });
  }

  *#judge(): Generator<undefined, MemoryFacts> {
    const limits: MemoryLimit[] = [
      { source: 'cgroup', bytes: this.#limitBytes, usedBytes: this.#rssBytes },
      { source: 'v8', bytes: 4e9, usedBytes: this.#heapUsedBytes },
    ];
    const now: MemoryNow = { rssBytes: this.#rssBytes, limits, heapFloor: this.#floors.recent.at(-1) };
    yield* this.#record.judge(now);
    return this.#record.facts(now);
  }

  #told(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const key = `${finding.type} ${finding.id}`;
      const stands = finding.state === 'raised' || finding.state === 'updated';
      if (!stands) this.#loud.delete(key);
      if (!stands || finding.severity === 'info' || this.#loud.has(key)) continue;
      this.#loud.add(key);
      this.raised.push({ finding, atMs: this.appMs });
    }
  }
}

/** A process with room for what it rightly needs: the limit lies as many times as high as the most it would take without a leak. */
export function serviceWithRoom(o: {
  readonly random: Random;
  readonly holdersOf: readonly HolderOf[];
  readonly lifeMs: number;
  readonly room: number;
  readonly leak?: Holder;
}): MemoryService {
  const seed = o.random.integer(0, 2 ** 31);
  const rehearsal = heapOf(new Random(seed), o.holdersOf);
  let mostBytes = 0;
  while (rehearsal.appMs < o.lifeMs) mostBytes = Math.max(mostBytes, rehearsal.step().rssBytes);
  const heap = heapOf(new Random(seed), o.holdersOf, o.leak);
  return new MemoryService(new Random(seedOf(seed, 'profiler')), heap, o.room * mostBytes);
}

function heapOf(random: Random, holdersOf: readonly HolderOf[], leak?: Holder): Heap {
  const holders = holdersOf.map((holderOf) => holderOf(random));
  return new Heap(random, leak === undefined ? holders : [...holders, leak]);
}
