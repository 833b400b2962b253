import { requestBoundsS } from '../lifetime/route-times.ts';
import { conventionScalars } from './convention-table.ts';

export type Instrument = 'counter' | 'upDownCounter' | 'gauge';

export interface ScalarDefinition {
  readonly name: string;
  readonly instrument: Instrument;
  readonly unit: string;
  readonly description: string;
  /** One of the semantic conventions' own: exported as `OUTLIVE_RUNTIME_METRICS` says. */
  readonly runtime?: true;
}

/** outlive's own: as public as `names.ts`. */
const ownScalars = {
  resourceOpen: {
    name: 'outlive.resource.open',
    instrument: 'upDownCounter',
    unit: '{resource}',
    description: 'Resources that are open now.',
  },
  resourceOpened: {
    name: 'outlive.resource.opened',
    instrument: 'counter',
    unit: '{resource}',
    description: 'Resources that were opened.',
  },
  resourceEnded: {
    name: 'outlive.resource.ended',
    instrument: 'counter',
    unit: '{resource}',
    description: 'Resources that ended: released, ended by an error, or collected without an end.',
  },
  resourceUnreleased: {
    name: 'outlive.resource.unreleased',
    instrument: 'upDownCounter',
    unit: '{resource}',
    description: 'Open resources that a standing finding speaks of.',
  },
  resourceBuffered: {
    name: 'outlive.resource.buffered',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Bytes buffered in open resources, as of the last sweep.',
  },
  scopeActive: {
    name: 'outlive.scope.active',
    instrument: 'upDownCounter',
    unit: '{scope}',
    description: 'Requests, jobs and tasks that are under way.',
  },
  queueSize: {
    name: 'outlive.queue.size',
    instrument: 'upDownCounter',
    unit: '{item}',
    description: 'Items that wait in the queue.',
  },
  queueCapacity: {
    name: 'outlive.queue.capacity',
    instrument: 'upDownCounter',
    unit: '{item}',
    description: 'Items that the queue takes at most.',
  },
  queueMemory: {
    name: 'outlive.queue.memory',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Bytes that the queue holds.',
  },
  queueUtilization: {
    name: 'outlive.queue.utilization',
    instrument: 'gauge',
    unit: '1',
    description: 'Size of the queue as a share of its capacity.',
  },
  queueEnqueued: {
    name: 'outlive.queue.enqueued',
    instrument: 'counter',
    unit: '{item}',
    description: 'Items that were put into the queue.',
  },
  queueDequeued: {
    name: 'outlive.queue.dequeued',
    instrument: 'counter',
    unit: '{item}',
    description: 'Items that were taken from the queue.',
  },
  queueOldest: {
    name: 'outlive.queue.oldest',
    instrument: 'gauge',
    unit: 's',
    description: 'Age of the item that waits longest.',
  },
  queueGrowthRate: {
    name: 'outlive.queue.growth.rate',
    instrument: 'gauge',
    unit: '{item}/s',
    description: 'How fast the queue grows; 0 when it does not.',
  },
  findingActive: {
    name: 'outlive.finding.active',
    instrument: 'upDownCounter',
    unit: '{finding}',
    description: 'Findings that stand.',
  },
  findingRaised: {
    name: 'outlive.finding.raised',
    instrument: 'counter',
    unit: '{finding}',
    description: 'Findings that were raised.',
  },
  findingResolved: {
    name: 'outlive.finding.resolved',
    instrument: 'counter',
    unit: '{finding}',
    description: 'Findings that were right and are over.',
  },
  findingRetracted: {
    name: 'outlive.finding.retracted',
    instrument: 'counter',
    unit: '{finding}',
    description: 'Findings that were wrong and were taken back.',
  },
  findingSuppressed: {
    name: 'outlive.finding.suppressed',
    instrument: 'counter',
    unit: '{finding}',
    description: 'Findings that an ignore rule kept silent.',
  },
  findingResources: {
    name: 'outlive.finding.resources',
    instrument: 'upDownCounter',
    unit: '{resource}',
    description: 'Resources that a standing finding speaks of.',
  },
  memoryHeapLive: {
    name: 'outlive.memory.heap.live',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Heap that was left after the last major garbage collection.',
  },
  memoryHeapLimit: {
    name: 'outlive.memory.heap.limit',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Heap at which V8 gives up.',
  },
  memoryExternal: {
    name: 'outlive.memory.external',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Memory outside the heap that objects hold, array buffers included.',
  },
  memoryArrayBuffers: {
    name: 'outlive.memory.array_buffers',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Memory of array buffers and Buffers.',
  },
  memoryMalloced: {
    name: 'outlive.memory.malloced',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Memory that V8 itself has taken by malloc.',
  },
  memoryLimit: {
    name: 'outlive.memory.limit',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Memory at which the process is ended, by who ends it.',
  },
  memoryFragmentation: {
    name: 'outlive.memory.fragmentation',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of committed memory that is not used, by heap space; `rss` for the process.',
  },
  memoryPressure: {
    name: 'outlive.memory.pressure',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of the last 10 s in which some task stood still for want of memory.',
  },
  memoryOomKills: {
    name: 'outlive.memory.oom_kills',
    instrument: 'counter',
    unit: '{kill}',
    description: 'Processes of the control group that the kernel killed for want of memory.',
  },
  memoryGrowthRate: {
    name: 'outlive.memory.growth.rate',
    instrument: 'gauge',
    unit: 'By/s',
    description: 'How fast memory grows; 0 while no growth is established.',
  },
  memoryGrowthEstablished: {
    name: 'outlive.memory.growth.established',
    instrument: 'gauge',
    unit: '1',
    description: '1 while growth is established, else 0.',
  },
  memoryExhaustionRate: {
    name: 'outlive.memory.exhaustion.rate',
    instrument: 'gauge',
    unit: '1/h',
    description: '1 / hours to the nearest limit; 0 when none is in sight.',
  },
  gcSlowRequests: {
    name: 'outlive.gc.slow_requests',
    instrument: 'counter',
    unit: '{request}',
    description: 'Requests slower than their p99 that overlapped a major garbage collection.',
  },
  selfCpuUtilization: {
    name: 'outlive.self.cpu.utilization',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of one CPU that outlive takes.',
  },
  selfMemory: {
    name: 'outlive.self.memory',
    instrument: 'upDownCounter',
    unit: 'By',
    description: 'Memory that outlive takes.',
  },
  selfSweeps: {
    name: 'outlive.self.sweeps',
    instrument: 'counter',
    unit: '{sweep}',
    description: 'Sweeps that were run: silence against dead.',
  },
  selfSamplingRatio: {
    name: 'outlive.self.sampling.ratio',
    instrument: 'gauge',
    unit: '1',
    description: 'Share of the openings that a group of hooks looks at in full.',
  },
  selfState: {
    name: 'outlive.self.state',
    instrument: 'upDownCounter',
    unit: '1',
    description: '1 for the phase in which a kind of resource is, 0 for the others.',
  },
  selfDrops: {
    name: 'outlive.self.drops',
    instrument: 'counter',
    unit: '{resource}',
    description: 'What outlive could not follow or tell, by reason.',
  },
} as const satisfies Record<string, ScalarDefinition>;

/** Counters hold running totals, so every scalar is observed when it is collected and costs nothing in between. */
export const scalars = { ...ownScalars, ...conventionScalars };

export type ScalarKey = keyof typeof scalars;

export interface HistogramDefinition {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Upper bounds. A backend keeps a series for each, one for what is above, one for the sum and one for the count. */
  readonly bounds: readonly number[];
  readonly runtime?: true;
}

const mebi = 2 ** 20;

/** Few bounds, because of what each one costs: see docs/decisions/0007-series-budget.md. */
export const histograms = {
  resourceLifetime: {
    name: 'outlive.resource.lifetime',
    unit: 's',
    description: 'How long resources were open, of a sample of those that ended.',
    bounds: [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 86_400],
  },
  memoryRss: {
    name: 'outlive.memory.rss',
    unit: 'By',
    description: 'Resident memory of the process, one sample each memory interval.',
    bounds: [64, 128, 256, 512, 1024, 2048, 4096, 8192].map((mebibytes) => mebibytes * mebi),
  },
  selfSweepDuration: {
    name: 'outlive.self.sweep.duration',
    unit: 's',
    description: 'How long a sweep took, its slices together.',
    bounds: [0.0001, 0.001, 0.01, 0.1, 1],
  },
  gcDuration: {
    name: 'v8js.gc.duration',
    unit: 's',
    description: 'Garbage collection duration.',
    bounds: [0.01, 0.1, 1, 10],
    runtime: true,
  },
  requestDuration: {
    name: 'http.server.request.duration',
    unit: 's',
    description: 'Duration of HTTP server requests.',
    bounds: requestBoundsS,
    runtime: true,
  },
} as const satisfies Record<string, HistogramDefinition>;

export type HistogramKey = keyof typeof histograms;
