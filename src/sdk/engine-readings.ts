import { poolsOf } from '../observe/pools.ts';
import { isMainThread } from '../runtime/main-thread.ts';
import { firstVerdictSweeps } from '../detect/survival-rule.ts';
import type { Kind } from '../lifetime/kind.ts';
import { lifetimeSampling } from '../lifetime/ledger.ts';
import type { HookGroup } from '../observe/hook.ts';
import type { Readings, SelfReading, TelemetryMemory } from '../telemetry/readings.ts';
import type { Engine } from './engine.ts';
import type { Judging } from './judging.ts';
import { sharedReading } from './shared-reading.ts';

/** Measured: a survivor's row with its WeakRef, a site with its frames (`npm run bench:survivors`). */
const rowBytes = 120;
const siteBytes = 1500;

/** What the instruments ask of a running engine. */
export function readingsOf(engine: Engine, judging: Judging): Readings {
  const { ledger, queues } = engine;
  const { docket, governor, growingQueues, memory, sweep } = judging;
  const isDetached = (kind: Kind): boolean =>
    [...governor.detached].some((group) => judging.cost.kindsOf(group).includes(kind));
  const { nowMs } = engine.clock;
  const cost = sharedReading(selfCost(engine, judging), nowMs);
  const runtime = sharedReading(() => memory.process.read(), nowMs);
  return {
    tallies: () => ledger.tallies.values(),
    scopesActive: () => ledger.scopeStats.active(),
    *queues() {
      for (const queue of queues) {
        const { name, size, capacity, oldestAgeMs, flow } = queue;
        const oldestS = oldestAgeMs === undefined ? undefined : oldestAgeMs / 1000;
        yield { name, size, capacity, oldestS, ...flow, growthRatePerS: growingQueues.growthPerS(queue) };
      }
    },
    findings: () => docket.standing(),
    findingCounts: () => docket.counts(),
    self: cost,
    phaseOf: (kind) => (isDetached(kind) ? 'detached' : sweep.count >= firstVerdictSweeps() ? 'judging' : 'learning'),
    memory: () => memoryOf(judging),
    drainRssSamplesBytes: () => memory.drainRssSamplesBytes(),
    drainSweepDurationsS: () => sweep.durationsMs.splice(0).map((ms) => ms / 1000),
    drainGcs: () => memory.drainGcs(),
    runtime,
    requests: ledger.requestTimes,
    pools: () => poolsOf(ledger),
    slowRequestsInGc: () => judging.slowRequests.overlapped,
  };
}

function memoryOf({ memory, memoryJudging }: Judging): TelemetryMemory {
  const { growth, fastest, exhaustion } = memoryJudging.record.outlook;
  const rate = fastest === undefined ? undefined : growth.get(fastest)?.rate;
  return {
    ...memory.latest(),
    heapLiveBytes: memory.gc.heapLiveBytes,
    ofProcess: isMainThread,
    growth: rate && {
      bytesPerS: rate.value / 3600,
      exhaustionPerHour: exhaustion === undefined ? 0 : 1 / exhaustion.hours,
    },
  };
}

/** The share of what each group sees open that is looked at in full: 0 where the governor has detached it. */
function samplingRatiosOf(
  { hooks, ledger, observer }: Engine,
  detached: ReadonlySet<HookGroup>,
): (readonly [HookGroup, number])[] {
  const common = ledger.samplingShare / lifetimeSampling;
  const attached = [...hooks.groups].map(
    (group) => [group, common * (observer.followedShares.get(group)?.() ?? 1)] as const,
  );
  return [...attached, ...[...detached].map((group) => [group, 0] as const)];
}

function selfCost(
  engine: Engine,
  { alerting, cost, docket, exporting, governor, heapProfiling, sweep }: Judging,
): () => SelfReading {
  const { ledger, sites, queues } = engine;
  let lastBusyMs = 0;
  let lastMs = ledger.nowMs;
  return () => {
    const nowMs = engine.clock.nowMs();
    const cpuUtilization = nowMs > lastMs ? (cost.totalMs() - lastBusyMs) / (nowMs - lastMs) : 0;
    lastBusyMs = cost.totalMs();
    lastMs = nowMs;
    return {
      cpuUtilization,
      memoryBytes: ledger.survivors.size * rowBytes + sites.size * siteBytes,
      sweeps: sweep.count,
      samplingRatios: samplingRatiosOf(engine, governor.detached),
      drops: [
        ['ledger_full', ledger.droppedFull],
        ['unreadable', ledger.droppedUnreadable],
        ['sites_full', sites.dropped],
        ['findings_full', docket.dropped],
        ['queues_full', queues.dropped],
        ['listeners_full', engine.piles.dropped],
        ['heap_not_profiled', heapProfiling.dropped],
        ['alerts_lost', alerting.lost],
        ...exporting.drops,
      ],
    };
  };
}
